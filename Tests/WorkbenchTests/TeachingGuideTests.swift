import Foundation
import Testing

@testable import Workbench

/// The teacher's guide says what is so.
@Suite struct TeachingGuideTests {
  private static let docs = LessonTests.folder.deletingLastPathComponent()
  private static let guide =
    (try? String(contentsOf: docs.appendingPathComponent("teaching.md"), encoding: .utf8)) ?? ""

  /// The lesson that the guide works out, between its longer fences.
  private static var lesson: String {
    let parts = guide.components(separatedBy: "````\n")
    return parts.count == 3 ? parts[1] : ""
  }

  private func problems(_ text: String) -> [String] {
    do throws(LessonProblem) {
      let lesson = try Lesson(parsing: text, file: "x.lesson.md")
      return LessonCheck(lesson, file: "x.lesson.md", theme: .fallback).run().problems.map(\.sentence)
    } catch {
      return [error.sentence]
    }
  }

  @Test func theWorkedLessonAndTheTemplateAreGood() throws {
    #expect(problems(Self.lesson).isEmpty, "\(problems(Self.lesson))")
    let template = try String(contentsOf: Self.docs.appendingPathComponent("template.lesson.md"), encoding: .utf8)
    #expect(problems(template).isEmpty, "\(problems(template))")
  }

  /// Rows of the table of mistakes: what stood there, what stands there instead, what is said.
  private static var mistakes: [[String]] {
    guide.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { row in
      row.replacing("\\|", with: "\u{0}").split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces).replacing("\u{0}", with: "|")
      }
    }.filter { $0.count == 3 && $0[1].hasPrefix("`") }
  }

  @Test func eachMistakeIsToldAsTheGuideSays() {
    #expect(Self.mistakes.count >= 20)
    for row in Self.mistakes {
      let (find, put) = (String(row[0].dropFirst().dropLast()), String(row[1].dropFirst().dropLast()))
      #expect(Self.lesson.contains(find), "\(find)")
      let said = problems(Self.lesson.replacing(find, with: put))
      #expect(said.first == row[2], "\(find) → \(put): \(said)")
    }
  }

  @Test func everyWordOfTheFormatIsInTheGuide() {
    let words =
      Probe.all.map(\.pattern) + StageCommand.Setting.allCases.map(\.rawValue)
      + LessonFigure.allCases.map(\.rawValue) + LessonPart.allCases.map(\.rawValue)
      + LessonKnob.allCases.map(\.rawValue) + LessonStep.Kind.allCases.map(\.rawValue)
    for word in words { #expect(Self.guide.contains("`\(word)`"), "\(word)") }
  }
}
