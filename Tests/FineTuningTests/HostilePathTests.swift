import Foundation
import HostileInput
import Positions
import Testing

@testable import FineTuning
@testable import Transformer

/// What only looks like a file, given to everything that opens files: a sentence, at once.
@Suite struct HostilePathTests {
  private static let patience = Duration.seconds(20)

  /// Nothing is read of what is no file, or of what is too large to be one.
  @Test(arguments: HostileFolder.Impostor.allCases)
  func impostorsAreRefusedWithASentence(impostor: HostileFolder.Impostor) throws {
    let folder = try HostileFolder()
    guard let path = try folder.place(impostor, as: "x") else { return }
    let took = ContinuousClock().measure {
      let asFile = #expect(throws: ModelFileError.self) { try ModelFile.contents(of: path) }
      #expect(asFile?.description.contains(path) == true)
      let asText = #expect(throws: CorpusError.self) { try Corpus(paths: [path]) }
      #expect(asText?.description.contains(path) == true)
      #expect(throws: ModelFileError.self) { try SafetensorsFile(path: path) }
    }
    #expect(took < Self.patience)
  }

  @Test(
    arguments: HostileFolder.Impostor.allCases, ["config.json", "model.safetensors", "model.safetensors.index.json"])
  func modelsWithImpostorsAreRefused(impostor: HostileFolder.Impostor, name: String) throws {
    let folder = try HostileFolder()
    let model = try TransformerModel(
      TransformerConfiguration(
        vocabularySize: 256, hiddenSize: 8, intermediateSize: 8, layerCount: 1, headCount: 1, maximumPositions: 16),
      seed: 1)
    try ModelFolder.save(model, to: folder.path)
    #expect(throws: Never.self) { try ModelFolder.load(folder.path) }
    if name != "config.json" { try FileManager.default.removeItem(atPath: folder.path + "/model.safetensors") }
    try? FileManager.default.removeItem(atPath: folder.path + "/" + name)
    guard try folder.place(impostor, as: name) != nil else { return }
    let took = ContinuousClock().measure {
      #expect(throws: ModelFileError.self) { try ModelFolder.load(folder.path) }
    }
    #expect(took < Self.patience)
  }

  /// The list of runs passes impostors over, whether they stand in for a run, its description or its metrics.
  @Test(arguments: HostileFolder.Impostor.allCases)
  func runsWithImpostorsArePassedOver(impostor: HostileFolder.Impostor) throws {
    let folder = try HostileFolder()
    for name in ["good", "no-description", "no-metrics"] {
      try FileManager.default.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    }
    for name in ["good", "no-metrics"] { try folder.file(name + "/run.json", HostileRun.description().utf8) }
    try folder.file("good/metrics.jsonl", HostileRun.metrics().utf8)
    guard try folder.place(impostor, as: "a-run") != nil,
      try folder.place(impostor, as: "no-description/run.json") != nil,
      try folder.place(impostor, as: "no-metrics/metrics.jsonl") != nil
    else { return }
    let took = ContinuousClock().measure {
      let runs = RunCatalog.runs(in: folder.path)
      // Metrics that are not there are those of a run that has not begun.
      let hasNoMetrics = impostor == .dangling || impostor == .loop
      #expect(runs.map(\.name).sorted() == (hasNoMetrics ? ["good", "no-metrics"] : ["good"]))
      #expect(runs.contains { $0.steps.count == 1 })
      #expect(throws: (any Error).self) { try RunCatalog.run(at: folder.path + "/no-description") }
      if impostor == .pipe {
        #expect(throws: Never.self) { try RunCatalog.delete(folder.path + "/no-description") }
      }
    }
    #expect(took < Self.patience)
  }

  /// Links that lead round in a circle are not followed, and what is no file in a folder of texts is passed over.
  /// A run of hours reads its text; an editor that cuts the file meanwhile must not end it, nor change what is read.
  @Test func textsThatAreCutMeanwhileStayAsTheyWere() throws {
    let folder = try HostileFolder()
    let path = try folder.file("text", (0..<3 << 20).map { UInt8(truncatingIfNeeded: $0 >> 12) })
    let corpus = try Corpus(paths: [path])
    func read() -> [UInt8] {
      var random = RandomStream(seed: 5, path: [1])
      return corpus.stretch(minimum: 1, wanted: 3 << 20, using: &random)
    }
    let before = read()
    #expect(truncate(path, 0) == 0)
    #expect(read() == before && before.count == 3 << 20)
  }

  @Test func foldersOfTextsWithCirclesAndImpostorsAreRead() throws {
    let folder = try HostileFolder()
    try folder.file("a.txt", "the river".utf8)
    for impostor in HostileFolder.Impostor.allCases where impostor != .sparse && impostor != .unreadable {
      _ = try folder.place(impostor, as: impostor.rawValue)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/folder/up", withDestinationPath: folder.path)
    #expect(try Corpus(paths: [folder.path]).byteCount == 9)
    _ = try folder.place(.sparse, as: "sparse")
    let error = #expect(throws: CorpusError.self) { try Corpus(paths: [folder.path]) }
    #expect(error?.description.contains("sparse brings the text over \(Corpus.byteLimit >> 20) MiB") == true)
  }

  /// A safetensors file of holes that claims more than the machine has: refused before memory is taken.
  @Test func weightsBeyondMemoryAreRefused() throws {
    let folder = try HostileFolder()
    let configuration = TransformerConfiguration(
      vocabularySize: 1 << 24, hiddenSize: 1 << 18, intermediateSize: 2, layerCount: 1, headCount: 1 << 16,
      keyValueHeadCount: 1, headDimension: 2, tiesEmbeddings: true, maximumPositions: 16)
    var offset = 0
    let entries = ParameterLayout(configuration).tensors.map { tensor in
      defer { offset += 2 * tensor.count }
      let offsets = [offset, offset + 2 * tensor.count]
      return #""\#(tensor.name)":{"dtype":"F16","shape":\#(tensor.shape),"data_offsets":\#(offsets)}"#
    }
    let header = Array(("{" + entries.joined(separator: ",") + "}").utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    let path = try folder.file("model.safetensors", length + header)
    // Not every file system has files of terabytes.
    guard truncate(path, off_t(8 + header.count + offset)) == 0 else { return }
    try folder.file("config.json", configuration.jsonData())
    let error = #expect(throws: ModelFileError.self) { try ModelFolder.load(folder.path) }
    guard case .tooLarge(_, let megabytes, let available)? = error else {
      Issue.record("\(error?.description.prefix(300) ?? "")")
      return
    }
    #expect(megabytes > available && megabytes > 1 << 23)
  }
}
