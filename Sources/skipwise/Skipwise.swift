@main
struct Skipwise {
  static func main() {
    print("skipwise")
  }
}
