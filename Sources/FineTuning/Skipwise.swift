/// The product.
public enum Skipwise {
  public static let version = "0.1.0"
}
