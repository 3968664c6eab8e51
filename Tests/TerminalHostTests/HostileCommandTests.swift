import Canvas
import Foundation
import HostileInput
import Testing

/// The program itself, given what only looks like files and what would speak to the terminal.
@Suite struct HostileCommandTests {
  /// Runs to the end by itself, in little memory, and says one line for people.
  private func refusal(_ arguments: [String], home: String? = nil, status: Int32 = 65) throws -> String {
    let run = try ProgramRun(
      arguments, environment: home.map { ["SKIPWISE_HOME": $0] } ?? [:], killedAfter: .seconds(60),
      after: "ulimit -v \(3 << 20)"
    )
    #expect(!run.wasKilled, "\(arguments): \(run.standardError.suffix(300))")
    #expect(run.status == status, "\(arguments): \(run.standardError.suffix(300))")
    #expect(run.standardError.hasPrefix("skipwise"))
    #expect(!run.standardError.controlsTerminal)
    #expect(run.standardError.split(separator: "\n").count == 1)
    return run.standardError
  }

  @Test(arguments: HostileFolder.Impostor.allCases)
  func impostorsAreRefusedByVerbs(impostor: HostileFolder.Impostor) throws {
    let folder = try HostileFolder()
    guard let path = try folder.place(impostor, as: "x") else { return }
    let out = folder.path + "/out"
    #expect(try refusal(["train", "--text", path, "--steps", "1", "--out", out]).contains(path))
    #expect(try refusal(["generate", "--prompt-file", path, "--tokens", "1"]).contains(path))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test(arguments: HostileFolder.Impostor.allCases)
  func modelsAndRunsOfImpostorsAreRefused(impostor: HostileFolder.Impostor) throws {
    let folder = try HostileFolder()
    guard try folder.place(impostor, as: "model.safetensors") != nil else { return }
    let sample = try Data(contentsOf: URL(fileURLWithPath: "sample-data/keys/config.json"))
    try folder.file("config.json", sample)
    let model = try refusal(["train", "--model", folder.path, "--steps", "1", "--out", folder.path + "/out"])
    #expect(model.contains("model.safetensors"))
    _ = try folder.place(impostor, as: "run.json")
    #expect(try refusal(["runs", "show", folder.path]).contains("run.json"))
  }

  /// A configuration alone must not make the screens count a thousand million distances.
  @Test func windowsBeyondAllRunsAreRefused() throws {
    let folder = try HostileFolder()
    let sample = try String(contentsOfFile: "sample-data/keys/config.json", encoding: .utf8)
    var fields = try #require(try JSONSerialization.jsonObject(with: Data(sample.utf8)) as? [String: Any])
    fields["skipwise"] = nil
    fields["max_position_embeddings"] = 1 << 30
    try folder.file("config.json", try JSONSerialization.data(withJSONObject: fields))
    for verb in [["train"], ["snapshot"]] {
      let sentence = try refusal(verb + ["--model", folder.path], status: 64)
      #expect(sentence.contains("the target window is 1073741824; it must be at most 4194304"))
    }
  }

  /// Names with escape sequences in them are spelled out in what is said of them.
  @Test func namesCannotSpeakToTheTerminal() throws {
    let folder = try HostileFolder()
    let evil = "\u{1B}]0;evil\u{7}\u{1B}[2J\u{9B}31m\u{202E}\nskipwise"
    let spelled = #"\u{1B}]0;evil\u{07}\u{1B}[2J\u{009B}31m\u{202E}\nskipwise"#
    #expect(try refusal(["train", "--text", folder.path + "/" + evil]).contains(spelled))
    #expect(try refusal(["train", "--model", folder.path + "/" + evil]).contains(spelled))
    #expect(try refusal(["generate", "--prompt", "a", "--model", evil]).contains(spelled))
    #expect(try refusal(["positions", "--sampler", evil], status: 64).contains(spelled))
    #expect(try refusal(["coverage", "--" + evil], status: 64).contains(spelled))
    #expect(try refusal([evil], status: 64).contains(spelled))
    #expect(try refusal(["snapshot", "--theme", evil], status: 64).contains(spelled))
    try folder.file("config.json", Data(#"{"architectures": ["\#u{1B}]0;evil\#u{7}"]}"#.utf8))
    #expect(try refusal(["train", "--model", folder.path]).contains("config.json"))
  }

  /// Nor in the list of runs, whose names and settings come out of files.
  @Test func runsCannotSpeakToTheTerminal() throws {
    let folder = try HostileFolder()
    let name = "\u{1B}]0;evil\u{7}"
    try FileManager.default.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
    let settings = #"""
      {"model":"\u001b[31m","texts":["\u009b5m"],"task":"keys","method":"\u001bc","window":8,"target":16,"chunks":2,
      "content":"random","scaling":"yarn","steps":1,"batch":1,"learning_rate":1,"warmup":0,"decay":"cosine",
      "weight_decay":0,"clip_norm":1,"seed":0,"checkpoint_every":0,"evaluate_every":0}
      """#
    let json = #"{"skipwise":"1","command":"","parameters":9,"blas":"x","lanes":2,"settings":"# + settings + "}"
    try folder.file(name + "/run.json", json.utf8)
    let step = #"{"step":1,"loss":1,"grad_norm":1,"lr":1,"tokens":1,"seconds":1e300,"chunks":[]}"#
    try folder.file(name + "/metrics.jsonl", (step + "\n").utf8)
    for arguments in [["list", "--folder", folder.path], ["show", folder.path + "/" + name]] {
      let run = try ProgramRun(["runs"] + arguments, killedAfter: .seconds(60))
      #expect(run.status == 0, "\(run.standardError.suffix(300))")
      #expect(run.output.contains(#"\u{1B}]0;evil\u{07}"#))
      #expect(!run.output.controlsTerminal)
    }
  }

  /// Keys, memory and progress that are pipes or holes: the screen comes up and says what it could not read.
  @Test(arguments: [HostileFolder.Impostor.pipe, .sparse, .device, .folder])
  func theScreenComesUpAmongImpostors(impostor: HostileFolder.Impostor) throws {
    let folder = try HostileFolder()
    for name in ["keys", "workbench.json", "lessons.json"] { _ = try folder.place(impostor, as: name) }
    let terminal = try PseudoTerminal(
      "skipwise", environment: ["SKIPWISE_HOME": folder.path, "HOME": folder.path], size: Size(160, 24))
    try terminal.waitFor(text: "cannot read")
    terminal.type("q")
    #expect(try terminal.waitForEnd() == .exited(0))
  }

  /// Numbers at the end of what a verb takes: an answer, in little memory.
  @Test(arguments: [
    "positions --sampler cream --window 2147483647 --target 2147483647",
    "positions --window 1 --target 2147483647 --chunks 1", "positions --window 1 --target 1 --chunks 1",
    "coverage --window 1 --chunks 1 --target 2", "rope --window 1 --target 9223372036854775807",
    "rope --window 1 --target 9223372036854775807 --scaling dynamic",
  ])
  func numbersAtTheEndAreAnswered(command: String) throws { try expect(command, status: 0) }

  /// Or a sentence, never a trap.
  @Test(arguments: [
    "positions --window 2147483647 --target 2147483647 --chunks 2147483647",
    "positions --sampler balanced --window 3 --target 2147483647",
    "positions --sampler scripted --window 2 --target 4 --lengths 2147483647,2147483647",
    "coverage --window 1 --chunks 1 --target 2147483647", "rope --window 9223372036854775807", "rope --base 1e999",
    "rope --base nan", "generate --prompt a --tokens 9223372036854775808",
  ])
  func numbersBeyondTheEndAreRefused(command: String) throws { try expect(command, status: 64) }

  @Test func aWindowBeyondMemoryIsRefused() throws {
    try expect("train --window 4194304 --target 4194304 --steps 1", status: 65)
  }

  private func expect(_ command: String, status: Int32) throws {
    let run = try ProgramRun(
      command.split(separator: " ").map(String.init), killedAfter: .seconds(60), after: "ulimit -v \(4 << 20)")
    #expect(run.status == status && !run.wasKilled, "\(command): \(run.standardError.suffix(300))")
  }
}
