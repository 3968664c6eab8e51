// swift-tools-version: 6.0
import PackageDescription

// The kernels are written for AVX2 with fused multiply-add; CSystem refuses processors that lack them before
// anything else runs.
// The engine and the sums over distances stay optimised in debug builds, so that their tests take seconds and not minutes.
#if arch(x86_64)
  let vectorFlags = ["-Xcc", "-march=x86-64-v3"]
#else
  let vectorFlags: [String] = []
#endif
let kernelSettings: [SwiftSetting] = [
  .unsafeFlags(vectorFlags),
  .unsafeFlags(["-O"], .when(configuration: .debug)),
]

let package = Package(
  name: "skipwise",
  products: [.executable(name: "skipwise", targets: ["skipwise"])],
  targets: [
    .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw")]),
    .target(name: "CSystem"),
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("openblas")]),

    .target(name: "Positions", swiftSettings: kernelSettings),
    .target(
      name: "Transformer", dependencies: ["Positions", "COpenBLAS", "CSystem"], swiftSettings: kernelSettings),
    .target(name: "FineTuning", dependencies: ["Transformer", "Positions"]),
    .target(name: "Canvas"),
    .target(name: "Workbench", dependencies: ["FineTuning", "Transformer", "Positions", "Canvas"]),
    .target(name: "TerminalHost", dependencies: ["Workbench", "Canvas", "CNcurses"]),
    .executableTarget(
      name: "skipwise",
      dependencies: ["TerminalHost", "Workbench", "FineTuning", "Transformer", "Positions", "Canvas", "CSystem"]),

    // Bent files for the tests of everything that reads some.
    .target(
      name: "HostileInput", dependencies: ["Positions"], path: "Tests/HostileInput",
      swiftSettings: [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .testTarget(name: "PositionsTests", dependencies: ["Positions"]),
    .testTarget(
      name: "TransformerTests", dependencies: ["Transformer", "Positions", "HostileInput"],
      resources: [.copy("ReferenceCases")]),
    .testTarget(name: "FineTuningTests", dependencies: ["FineTuning", "Transformer", "Positions", "HostileInput"]),
    .testTarget(name: "CanvasTests", dependencies: ["Canvas", "Positions", "HostileInput"]),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: ["Workbench", "FineTuning", "Transformer", "Positions", "Canvas", "HostileInput"],
      resources: [.copy("GoldenFrames")]),
    .executableTarget(
      name: "TerminalHostProbe", dependencies: ["TerminalHost", "Workbench", "Canvas"], path: "Tests/TerminalHostProbe"),
    .testTarget(
      name: "TerminalHostTests",
      dependencies: [
        "TerminalHost", "Workbench", "Canvas", "CNcurses", "TerminalHostProbe", "skipwise", "HostileInput",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
