package org.blockrecurrent.dynamics.report;

/** The style sheet of the page, and the one line of script it has. */
final class Looks {
    static final String CSS = """
      :root { color-scheme: light; }
      * { box-sizing: border-box; }
      body { margin: 0; background: #fff; color: #1c1f23; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
        "Helvetica Neue", "Noto Sans", "DejaVu Sans", Arial, sans-serif; }
      main { max-width: 1100px; margin: 0 auto; padding: 36px 24px 72px; }
      h1 { font-size: 32px; line-height: 1.2; margin: 0 0 14px; letter-spacing: -0.01em; }
      h2 { font-size: 23px; margin: 52px 0 8px; padding-top: 18px; border-top: 1px solid #d8dde3; }
      h3 { font-size: 16px; margin: 0 0 8px; }
      h3.group { font-size: 18px; margin: 14px 0 -6px; color: #33383f; }
      p { margin: 0 0 12px; max-width: 84ch; }
      .lead { color: #33383f; }
      .highlights { display: flex; flex-wrap: wrap; gap: 12px; margin: 22px 0 20px; }
      .highlights div { flex: 1 1 150px; padding: 12px 16px; background: #f4f6f9; border-radius: 8px; }
      .highlights b { display: block; font-size: 25px; line-height: 1.25; font-variant-numeric: tabular-nums; }
      .highlights span { font-size: 13.5px; color: #4a5058; }
      nav { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 15px; }
      a { color: #005a9c; text-decoration: none; }
      a:hover { text-decoration: underline; }
      .grid2 { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 34px 40px; margin-top: 20px; }
      .wide { grid-column: 1 / -1; }
      figure { margin: 0; min-width: 0; }
      figcaption { font-size: 14px; line-height: 1.5; color: #33383f; margin-top: 6px; }
      svg { display: block; width: 100%; height: auto; font-size: 12px; fill: #1c1f23; }
      svg .axis-name { font-size: 12.5px; font-weight: 600; fill: #33383f; }
      svg .tick { fill: #4a5058; font-variant-numeric: tabular-nums; }
      svg .legend { font-size: 12.5px; }
      svg .value { font-size: 11.5px; font-weight: 600; stroke: #fff; stroke-width: 3px; paint-order: stroke; }
      svg .empty { font-size: 14px; fill: #6a7078; }
      svg .grid { stroke: #e4e8ec; stroke-width: 1; }
      svg .axis { stroke: #8a9098; stroke-width: 1; }
      svg .band0 { fill: #eef3f9; }
      svg .band1 { fill: #fbf3e6; }
      svg .cell { stroke: #fff; stroke-width: 0.6; }
      svg .cell-dark { font-size: 11px; fill: #1c1f23; }
      svg .cell-light { font-size: 11px; fill: #fff; }
      svg .point:hover { stroke: #1c1f23; stroke-width: 2; }
      details { margin-top: 6px; font-size: 13.5px; }
      summary { cursor: pointer; color: #005a9c; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; margin-top: 6px; font-size: 13.5px; line-height: 1.4;
        font-variant-numeric: tabular-nums; }
      .wide table { font-size: 15px; min-width: 50%; }
      th, td { padding: 4px 14px 4px 0; text-align: left; vertical-align: top; }
      th { border-bottom: 1px solid #8a9098; font-weight: 600; }
      td { border-bottom: 1px solid #e4e8ec; }
      .number { text-align: right; padding-right: 18px; white-space: nowrap; }
      @media (max-width: 820px) { .grid2 { grid-template-columns: minmax(0, 1fr); } }
      @media print {
        @page { margin: 14mm; }
        body { font-size: 10.5pt; }
        main { max-width: none; padding: 0; }
        nav, summary { display: none; }
        figure, .highlights div, tr { break-inside: avoid; }
        h2, h3 { break-after: avoid; }
        .grid2 { grid-template-columns: minmax(0, 1fr); gap: 24px; }
        svg { max-width: 135mm; }
        table { font-size: 8pt; line-height: 1.25; }
        th, td { padding-top: 2px; padding-bottom: 2px; }
        .scroll { overflow: visible; }
        * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      }
      """;

    /** Tables are folded on the screen; on paper nobody can open them. */
    static final String OPEN_TABLES_TO_PRINT = "addEventListener('beforeprint', function () {"
            + " document.querySelectorAll('details').forEach(function (d) { d.open = true; }); });";

    private Looks() {}
}
