import Positions

/// Numbers that the PoSE paper reports (Zhu et al., ICLR 2024, arXiv 2309.10400v3), for LLaMA-7B.
public struct PaperTable: Hashable, Sendable {
  public struct Row: Hashable, Sendable {
    public var label: String
    /// A number a column: nil where the paper reports none, infinite where it says "> 1000".
    public var values: [Double?]

    init(_ label: String, _ values: [Double?]) {
      self.label = label
      self.values = values
    }
  }

  /// Where the numbers stand in the paper and what they are.
  public var caption: String
  public var columns: [Int]
  public var rows: [Row]

  /// Table 1, GovReport: perplexity by context size; linear interpolation, trained on 2,048 tokens.
  public static let table1 = PaperTable(
    caption: "Table 1, perplexity on GovReport", columns: [2048, 4096, 8192, 16_384, 32_768],
    rows: [
      Row("original", [4.74, .infinity, .infinity, .infinity, .infinity]),
      Row("full length 16k", [4.87, 4.70, 4.61, 4.59, nil]),
      Row("RandPos 16k", [11.63, 11.17, 11.54, 15.16, nil]),
      Row("RandPos 32k", [93.43, 95.85, 91.79, 93.22, 97.57]),
      Row("PoSE 16k", [4.84, 4.68, 4.60, 4.60, nil]),
      Row("PoSE 32k", [4.91, 4.76, 4.68, 4.64, 4.66]),
    ])

  /// Table 2, PG-19: perplexity far out, trained on 2,048 tokens.
  public static let table2 = PaperTable(
    caption: "Table 2, perplexity on PG-19", columns: [32_768, 65_536, 98_304, 131_072],
    rows: [
      Row("PoSE linear 96k", [10.18, 11.11, 13.57, nil]), Row("PoSE NTK 96k", [7.98, 20.39, 38.73, nil]),
      Row("PoSE YaRN 96k", [8.31, 8.65, 9.36, nil]), Row("PoSE linear 128k", [16.90, 22.47, 26.77, 31.18]),
      Row("PoSE NTK 128k", [8.04, 14.84, 29.48, 34.80]), Row("PoSE YaRN 128k", [9.32, 10.36, 10.77, 11.33]),
    ])

  /// Table 3: mean accuracy in percent on the six tasks inside the original window.
  public static let table3 = PaperTable(
    caption: "Table 3, mean accuracy in % of BoolQ, PIQA, WinoGrande, TruthfulQA, ARC-C and HellaSwag", columns: [2048],
    rows: [
      Row("original", [mean(75.11, 78.67, 69.85, 34.08, 51.19, 77.75)]),
      Row("full length, linear 16k", [mean(70.95, 77.64, 69.06, 31.89, 48.55, 74.19)]),
      Row("full length, YaRN 16k", [mean(73.88, 77.64, 68.15, 34.12, 50.60, 77.18)]),
      Row("PoSE, linear 16k", [mean(74.50, 78.13, 68.59, 32.05, 48.29, 75.56)]),
      Row("PoSE, NTK 16k", [mean(74.28, 78.24, 68.90, 33.89, 49.83, 76.82)]),
      Row("PoSE, YaRN 16k", [mean(74.28, 78.02, 69.06, 34.00, 49.23, 77.04)]),
      Row("PoSE, YaRN 128k", [mean(73.61, 77.80, 70.01, 34.47, 48.46, 75.54)]),
    ])

  /// Table 4, GovReport: perplexity by what fills the chunks.
  public static let table4 = PaperTable(
    caption: "Table 4, perplexity on GovReport", columns: [2048, 4096, 8192, 16_384],
    rows: [
      Row("random", [4.84, 4.68, 4.60, 4.60]), Row("continuous", [4.85, 4.72, 4.64, 4.68]),
      Row("aligned", [4.84, 4.68, 4.60, 4.60]),
    ])

  /// Table 5, Proof-pile: perplexity by the number of chunks.
  public static let table5 = PaperTable(
    caption: "Table 5, perplexity on Proof-pile", columns: [2048, 4096, 8192, 16_384],
    rows: [
      Row("N = 1", [2.83, .infinity, .infinity, .infinity]), Row("N = 2", [2.95, 2.74, 2.61, 2.60]),
      Row("N = 3", [2.93, 2.72, 2.60, 2.59]), Row("N = L, RandPos", [7.26, 6.83, 6.76, 7.73]),
    ])

  /// Table 6, GovReport: perplexity of interpolation alone, full length and PoSE with each scaling.
  public static let table6 = PaperTable(
    caption: "Table 6, perplexity on GovReport", columns: [2048, 4096, 8192, 16_384],
    rows: [
      Row("untuned, linear", [43.80, 43.35, 45.89, 54.33]), Row("full length, linear", [4.87, 4.70, 4.61, 4.59]),
      Row("PoSE, linear", [4.84, 4.68, 4.60, 4.60]), Row("untuned, ntk", [5.62, 5.61, 5.80, 550]),
      Row("full length, ntk", [4.78, 4.63, 4.57, 7.24]), Row("PoSE, ntk", [4.79, 4.63, 4.57, 7.24]),
      Row("untuned, yarn", [5.57, 5.51, 5.57, 5.83]), Row("full length, yarn", [4.78, 4.62, 4.54, 4.53]),
      Row("PoSE, yarn", [4.79, 4.63, 4.55, 4.55]),
    ])

  private static func mean(_ values: Double...) -> Double { values.reduce(0, +) / Double(values.count) }
}
