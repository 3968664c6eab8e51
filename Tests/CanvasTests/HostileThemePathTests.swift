import HostileInput
import Testing

@testable import Canvas

/// What only looks like a theme's file is no theme.
@Suite struct HostileThemePathTests {
  @Test(arguments: HostileFolder.Impostor.allCases)
  func impostorsAreNoThemes(impostor: HostileFolder.Impostor) throws {
    let folder = try HostileFolder()
    guard try folder.place(impostor, as: "x.theme") != nil else { return }
    let took = ContinuousClock().measure {
      let error = #expect(throws: ThemeError.self) { try ThemeFile.theme(named: "x", in: [folder.path]) }
      #expect(error?.description.hasPrefix("there is no theme 'x'") == true)
    }
    #expect(took < .seconds(20))
  }
}
