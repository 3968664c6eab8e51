import Canvas

/// Where the panes of a screen stand. Drawing and the mouse read the same one.
public struct Arrangement: Equatable, Sendable {
  public struct Place: Equatable, Sendable {
    public var pane: Pane
    public var rect: Rect
  }

  /// The panes that are drawn.
  public var places: [Place]
  /// A row that names all panes, where there is room for one at a time.
  public var tabs: Rect?

  public func rect(of pane: Pane) -> Rect? { places.first { $0.pane == pane }?.rect }
  public func pane(at point: Point) -> Pane? { places.first { $0.rect.contains(point.column, point.row) }?.pane }
}

/// How much of a screen a terminal has room for.
public enum SizeClass {
  /// Too small for anything but a card with the size needed.
  case card
  /// One picture and the numbers that matter.
  case compact
  /// One pane at a time, with tabs.
  case single
  /// Panes side by side.
  case panes

  /// The class of a terminal's size.
  public init(_ size: Size) {
    switch (size.columns, size.rows) {
    case (..<40, _), (_, ..<10): self = .card
    case (..<60, _), (_, ..<16): self = .compact
    case (..<72, _), (_, ..<20): self = .single
    default: self = .panes
    }
  }
}

extension WorkbenchState {
  /// What is left between the first line and the last.
  var body: Rect { Rect(0, 1, size.columns, max(size.rows - 2, 0)) }

  public var arrangement: Arrangement {
    if SizeClass(size) == .single {
      let (tabs, rest) = body.splitTop(1)
      return Arrangement(places: [.init(pane: pane, rect: rest)], tabs: tabs)
    }
    switch paneSize {
    case .normal: return normalArrangement
    case .half: return halfArrangement
    case .full: return Arrangement(places: [.init(pane: pane, rect: body)])
    }
  }

  /// The focused pane above, as many of the others as fit in a row below.
  private var halfArrangement: Arrangement {
    let (top, bottom) = body.splitTop(body.rows * 3 / 5)
    let others = normalArrangement.places.map(\.pane).filter { $0 != pane }.prefix(max(1, body.columns / 26))
    var places = [Arrangement.Place(pane: pane, rect: others.isEmpty ? body : top)]
    var rest = bottom
    for (index, other) in others.enumerated() {
      let (rect, after) = rest.splitLeft(rest.columns / (others.count - index))
      places.append(.init(pane: other, rect: rect))
      rest = after
    }
    return Arrangement(places: places)
  }

  private var normalArrangement: Arrangement {
    switch screen {
    case .positions: positionsArrangement
    case .train: trainArrangement
    case .attention: attentionArrangement
    case .evaluate: evaluateArrangement
    case .runs: runsArrangement
    default: Arrangement(places: [.init(pane: screen.panes[0], rect: body)])
    }
  }

  private var evaluateArrangement: Arrangement {
    let (top, bottom) = body.splitTop(body.rows / 2)
    let (perplexity, retrieval) = top.splitLeft(body.columns / 2)
    let (needle, far) = bottom.splitLeft(body.columns / 2)
    return Arrangement(places: [
      .init(pane: .perplexity, rect: perplexity), .init(pane: .retrieval, rect: retrieval),
      .init(pane: .needle, rect: needle), .init(pane: .far, rect: far),
    ])
  }

  private var runsArrangement: Arrangement {
    let (list, bottom) = body.splitTop(body.rows * 9 / 20)
    let (curves, tables) = bottom.splitLeft(body.columns / 2)
    return Arrangement(places: [
      .init(pane: .list, rect: list), .init(pane: .curves, rect: curves), .init(pane: .tables, rect: tables),
    ])
  }

  private var positionsArrangement: Arrangement {
    let chunks = max(explorer.layout?.chunks.count ?? 1, 1)
    let (top, bottom) = body.splitTop(body.rows >= 30 ? 15 + min(chunks, 6) : 9 + min(chunks, 4))
    if body.columns >= 116, body.rows >= 30 {
      let (left, rest) = bottom.splitLeft(bottom.columns * 3 / 8)
      let (middle, right) = rest.splitLeft(rest.columns * 5 / 9)
      return Arrangement(places: [
        .init(pane: .layout, rect: top), .init(pane: .distances, rect: left), .init(pane: .pairs, rect: middle),
        .init(pane: .rotary, rect: right),
      ])
    }
    // The right one of two is the one last chosen of pairs and rotary.
    let (left, right) = bottom.splitLeft(bottom.columns * 11 / 20)
    return Arrangement(places: [
      .init(pane: .layout, rect: top), .init(pane: .distances, rect: left),
      .init(pane: pane == .rotary ? .rotary : .pairs, rect: right),
    ])
  }

  private var trainArrangement: Arrangement {
    let isWide = body.columns >= 116 && body.rows >= 30
    let side = isWide ? min(body.columns * 3 / 10, 44) : min(max(body.columns * 3 / 10, 28), 40)
    let (rest, right) = body.splitLeft(body.columns - side)
    let (left, middle) = rest.splitLeft(isWide ? rest.columns * 5 / 8 : rest.columns)
    let (loss, batch) = left.splitTop(body.rows * 11 / 20)
    let (run, below) = right.splitTop(min(18, body.rows - (isWide ? 16 : 8)))
    var places = [
      Arrangement.Place(pane: .loss, rect: loss), .init(pane: .batch, rect: batch), .init(pane: .run, rect: run),
    ]
    guard isWide else {
      // The lower one of two is the one last chosen of those that fit there.
      let lower: Set<Pane> = [.signals, .reach, .sample]
      places.append(.init(pane: lower.contains(pane) ? pane : .context, rect: below))
      return Arrangement(places: places)
    }
    let (signals, reach) = middle.splitTop(body.rows / 2)
    let (context, sample) = below.splitTop(below.rows / 2)
    places += [
      .init(pane: .context, rect: context), .init(pane: .signals, rect: signals), .init(pane: .reach, rect: reach),
      .init(pane: .sample, rect: sample),
    ]
    return Arrangement(places: places)
  }

  private var attentionArrangement: Arrangement {
    // A value is as high as it is wide with two rows a cell, so a square map is twice as wide as high.
    let side = max(30, body.columns * 2 / 5)
    let (left, right) = body.splitLeft(min(body.columns - side, 2 * (body.rows - 3) + 9))
    let (weight, rest) = right.splitTop(min(9, body.rows / 2))
    guard body.rows >= 30 else {
      // The lower one of two is the one last chosen of the profile and the heads.
      return Arrangement(places: [
        .init(pane: .map, rect: left), .init(pane: .weight, rect: weight),
        .init(pane: pane == .heads ? .heads : .profile, rect: rest),
      ])
    }
    let (profile, heads) = rest.splitTop(rest.rows / 2)
    return Arrangement(places: [
      .init(pane: .map, rect: left), .init(pane: .weight, rect: weight), .init(pane: .profile, rect: profile),
      .init(pane: .heads, rect: heads),
    ])
  }
}

/// A screen's panes, each drawn into the place it is given.
protocol PanedScreen {
  var state: WorkbenchState { get }
  var look: Look { get }
  func draw(_ pane: Pane, on canvas: inout Canvas, in rect: Rect)
  /// The one picture that a small terminal has room for.
  func drawCompact(on canvas: inout Canvas, in rect: Rect)
}

extension PanedScreen {
  func drawCompact(on canvas: inout Canvas, in rect: Rect) { draw(state.screen.panes[0], on: &canvas, in: rect) }

  /// A pane's frame, drawn; returns what is left for its content.
  func frame(_ pane: Pane, _ title: String, info: String = "", on canvas: inout Canvas, in rect: Rect) -> Rect {
    canvas.frame(rect, look.pane(title, info: info, isFocused: state.pane == pane), look.glyphs).inset(columns: 1)
  }
}
