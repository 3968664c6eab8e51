import Testing

@testable import Canvas

/// Plots: axes, lines, heatmaps, lanes, bars.
@Suite struct PlotTests {
  @Test(arguments: [
    (0.0, 10.0, 5, [0.0, 2, 4, 6, 8, 10]), (0, 1, 2, [0, 0.5, 1]), (0.5, 2.1, 4, [0.5, 1, 1.5, 2]),
    (-3, 3, 3, [-2, 0, 2]),
  ])
  func ticksStepByOneTwoFive(low: Double, high: Double, count: Int, expected: [Double]) {
    #expect(Axis(low, high).ticks(count) == expected)
  }

  @Test func logarithmicTicksArePowersOfTen() {
    let ticks = Axis(1, 1000, scale: .logarithmic).ticks(4)
    #expect(zip(ticks, [1.0, 10, 100, 1000]).allSatisfy { abs($0 - $1) < 1e-9 } && ticks.count == 4)
  }

  @Test(arguments: [(Double.nan, 1.0), (1, 1), (5, -5), (-.infinity, .infinity), (0, 0)])
  func impossibleRangesBecomeDrawable(low: Double, high: Double) {
    for scale in AxisScale.allCases {
      let axis = Axis(low, high, scale: scale)
      #expect(axis.highest > axis.lowest && axis.lowest.isFinite && axis.highest.isFinite)
      #expect(axis.share(axis.lowest) == 0 && axis.share(axis.highest) == 1)
    }
  }

  @Test(arguments: [(0.0, "0"), (0.25, "0.25"), (1500, "1.5k"), (12_000, "12k"), (2_000_000, "2M"), (0.0003, "3e-4")])
  func labelsAreShort(value: Double, label: String) {
    #expect(Axis.label(value) == label)
  }

  /// The extremes of any stretch, against looking at every value.
  @Test(arguments: [0, 1, 2, 7, 64, 100])
  func pyramidsKnowTheExtremes(count: Int) {
    let values = (0..<count).map { $0 % 7 == 3 ? Double.nan : Double($0 * 37 % 101) }
    let pyramid = MinMaxPyramid(values)
    for low in stride(from: 0, through: count, by: 3) {
      for high in stride(from: low, through: count, by: 2) {
        let inside = values[low..<high].filter { !$0.isNaN }
        #expect(pyramid.extremes(in: low..<high)?.least == inside.min())
        #expect(pyramid.extremes(in: low..<high)?.greatest == inside.max())
      }
    }
    #expect(pyramid.extremes(in: -9..<(count + 9))?.greatest == values.filter { !$0.isNaN }.max())
  }

  @Test(arguments: AxisScale.allCases)
  func valueUndoesShare(scale: AxisScale) {
    let axis = Axis(2, 500, scale: scale)
    for value in [2.0, 10, 77.5, 500] { #expect(abs(axis.value(at: axis.share(value)) - value) < 1e-9) }
  }

  /// A column of a lane stands for the positions whose interval covers it.
  @Test(arguments: AxisScale.allCases)
  func laneColumnsAndPositionsAgree(scale: AxisScale) {
    let lane = Lane(length: 5000, intervals: [], track: .plain, scale: scale)
    for column in 0..<70 {
      let position = lane.position(at: column, in: 70)
      let columns = lane.columns(of: position..<position + 1, in: 70)
      #expect(columns.lowerBound - 1 <= column && column <= columns.upperBound)
    }
    #expect(lane.position(at: -5, in: 70) == 0 && lane.position(at: 99, in: 70) == 4999)
    if scale == .logarithmic { #expect(lane.position(at: 35, in: 70) < 100) }
  }

  @Test func marksTellLinesApartWithoutColour() {
    var canvas = Canvas(size: Size(40, 8))
    let flat = { (y: Double) in [0.0, 5, 10].map { (x: $0, y: y) } }
    var plot = LinePlot(
      [LinePlot.Series(flat(0.2), .plain, mark: "a"), LinePlot.Series(flat(0.8), .plain, mark: "b")],
      x: Axis(0, 10), y: Axis(0, 1), axisStyle: .plain)
    plot.cursor = (10, .plain)
    plot.draw(on: &canvas, in: canvas.bounds, .braille)
    let text = canvas.lines
    #expect(text.prefix(4).joined().contains("b") && !text.prefix(3).joined().contains("a"))
    #expect(canvas[39, 3].glyph == Glyph("│"))
  }

  private func dots(_ points: [(x: Double, y: Double)], _ glyphs: GlyphSet) -> [String] {
    var canvas = Canvas(size: Size(12, 4))
    LinePlot([LinePlot.Series(points, .plain)], x: Axis(0, 7), y: Axis(0, 1), axisStyle: .plain)
      .draw(on: &canvas, in: canvas.bounds, glyphs)
    return canvas.lines
  }

  @Test func aSpikeSurvivesAmongManyPoints() {
    // A hundred thousand points, one of them high: its column is filled to the top.
    let points = (0..<100_000).map { (x: Double($0) * 7 / 100_000, y: $0 == 50_000 ? 1.0 : 0.0) }
    for glyphs in GlyphSet.allCases {
      let top = dots(points, glyphs)[0]
      #expect(top.dropFirst(2).contains { $0 != " " && $0 != "·" && $0 != "." })
    }
  }

  @Test func aRisingLineInEachGlyphSet() {
    let line = [(x: 0.0, y: 0.0), (x: 7.0, y: 1.0)]
    #expect(dots(line, .ascii)[0].hasSuffix("**"))
    #expect(dots(line, .halfBlock)[0].last.map { "▀▄█".contains($0) } == true)
    #expect(dots(line, .braille)[0].unicodeScalars.last.map { (0x2801...0x28FF).contains($0.value) } == true)
  }

  /// Values that a diverging run can bring about: each draws, none traps.
  @Test func extremeValuesDraw() {
    let extremes: [Double] = [
      .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, -1,
      1e300,
    ]
    for glyphs in GlyphSet.allCases {
      for low in extremes {
        for high in extremes {
          var canvas = Canvas(size: Size(30, 8))
          for scale in AxisScale.allCases {
            LinePlot(
              [LinePlot.Series(extremes.map { (x: $0, y: $0) } + [(x: 0.5, y: low), (x: 0.6, y: high)], .plain)],
              x: Axis(low, high, scale: scale), y: Axis(low, high, scale: scale), axisStyle: .plain
            ).draw(on: &canvas, in: canvas.bounds, glyphs)
          }
          canvas.bar(low, 0, 0, columns: 9, .plain, glyphs)
          #expect(!Axis.label(low).isEmpty)
        }
      }
      var canvas = Canvas(size: Size(9, 9))
      Heatmap(
        rows: 3, columns: 3, values: extremes.map { Float($0) }, ramp: .grey, background: .plain, seamStyle: .plain,
        cursorStyle: .plain
      ).draw(on: &canvas, in: canvas.bounds, glyphs)
    }
  }

  @Test func anIntervalNeverVanishes() {
    let lane = Lane(length: 1_000_000, intervals: [], track: .plain)
    for start in [0, 1, 499_999, 999_999] {
      let columns = lane.columns(of: start..<start + 1, in: 40)
      #expect(columns.count == 1 && columns.lowerBound >= 0 && columns.upperBound <= 40)
    }
    #expect(lane.columns(of: 0..<1_000_000, in: 40) == 0..<40)
  }

  @Test func lanesInASCII() {
    var canvas = Canvas(size: Size(16, 1))
    Lane(
      length: 32, intervals: [.init(0..<8, .plain, letter: "A"), .init(24..<32, .plain, letter: "B")], track: .plain
    ).draw(on: &canvas, in: canvas.bounds, .ascii)
    #expect(canvas.lines == ["AAAA........BBBB"])
  }

  @Test func barsGrowByEighths() {
    func bar(_ share: Double) -> String {
      var canvas = Canvas(size: Size(4, 1))
      canvas.bar(share, 0, 0, columns: 4, .plain, .braille)
      return canvas.lines[0]
    }
    #expect(bar(0) == "" && bar(.nan) == "" && bar(-1) == "")
    #expect(bar(1) == "████" && bar(7) == "████")
    #expect(bar(1.0 / 32) == "▏" && bar(0.5) == "██" && bar(0.25 + 3.0 / 32) == "█▍")
  }

  @Test func heatmapsShowTheStrongestValueOfACell() {
    var values = [Float](repeating: 0, count: 64 * 64)
    values[40 * 64 + 20] = 1
    let map = Heatmap(
      rows: 64, columns: 64, values: values, ramp: .grey, background: .plain, seamStyle: .plain, cursorStyle: .plain)
    var canvas = Canvas(size: Size(8, 4))
    map.draw(on: &canvas, in: canvas.bounds, .braille)
    let bright = canvas.cells.filter {
      $0.style.foreground == Ramp.grey.color(1) || $0.style.background == Ramp.grey.color(1)
    }
    #expect(bright.count == 1)
    var letters = Canvas(size: Size(8, 4))
    map.draw(on: &letters, in: letters.bounds, .ascii)
    #expect(letters.lines.joined().filter { $0 == "@" }.count == 1)
  }

  /// Single positions scattered over a lane are not drawn as if they filled it.
  @Test func scatteredPositionsAreShadedByTheirShare() {
    func row(_ intervals: [Range<Int>], _ glyphs: GlyphSet) -> String {
      var canvas = Canvas(size: Size(10, 1))
      Lane(length: 100, intervals: intervals.map { Lane.Interval($0, .plain, letter: "A") }, track: .plain)
        .draw(on: &canvas, in: canvas.bounds, glyphs)
      return canvas.text.trimmingCharacters(in: .newlines)
    }
    let one = [5, 15, 25, 35, 45].map { $0..<$0 + 1 }
    let many = (50..<59).map { $0..<$0 + 1 }
    #expect(row(one + many, .halfBlock) == "░░░░░█────")
    #expect(row(one + many, .ascii) == "aaaaaA....")
    // A chunk keeps its cell, however short it is.
    #expect(row([2..<3, 50..<100], .ascii) == "A....AAAAA")
  }
}
