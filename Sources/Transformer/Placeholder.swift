import Positions
