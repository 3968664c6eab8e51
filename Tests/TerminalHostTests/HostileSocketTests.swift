import Canvas
import Foundation
import HostileInput
import Testing
import Workbench

@testable import skipwise

/// What comes through the socket between a lecturer's two windows, from whoever writes to it.
@Suite struct HostileSocketTests {
  private static let pages = [
    #"{"lesson":"6 Skips","step":2,"steps":7,"kind":"predict","title":"A guess","notes":["ask"],"next":"The end","seconds":60,"#
      + #""minutes":5,"answer":"","options":[{"letter":"a","text":"near","is_right":true,"reply":"Yes.","hands":3}],"#
      + #""hints":["Which pairs?"],"is_revealed":false}"#
  ]
  private static let words = [
    "9223372036854775807", "-9223372036854775808", "\u{1B}[2J", "\\u0000", "seconds", "options",
  ]

  @Test func bentPagesAreDrawnOrLeftAside() {
    let look = Look(theme: .fallback)
    var drawn = 0
    Campaign("notes", Self.pages, words: Self.words, count: 1500).run { bent in
      guard let page = LessonListener.page(bent.text) else { return }
      drawn += 1
      #expect(!page.picture(Size(80, 24), look, elapsed: (5, 65)).text.controlsTerminal, "\(bent)")
    }
    #expect(drawn > 20)
  }

  /// Through a pipe, torn anywhere: only lines that give or take a hand are heard.
  @Test func bentHandsAreHeardOrLeftAside() {
    var heard = 0
    Campaign("hands", ["+a\n-b\n+c\n"], words: ["+", "-", "\n", "+é", "+a\u{301}"], count: 1500).run { bent in
      let pipe = Pipe()
      pipe.fileHandleForWriting.write(Data(bent.bytes.prefix(32 << 10)))
      pipe.fileHandleForWriting.closeFile()
      LessonSocket.forEachLine(of: pipe.fileHandleForReading.fileDescriptor) { line in
        guard let (letter, change) = LessonPresenter.change(line) else { return }
        heard += 1
        #expect(("a"..."z").contains(letter) && abs(change) == 1)
      }
    }
    #expect(heard > 1000)
  }
}
