/**
 * The report: one self-contained HTML page of figures, each a small SVG chart with its numbers as a table beside it and a
 * paragraph that says what is seen. No script library, no font, no image is loaded from anywhere.
 *
 * <p>Markup is XHTML-compatible HTML, so that any XML parser can check it. Every text is escaped; values that are not finite are
 * left out of charts (a gap in a line) and written as a dash in tables. The same input gives the same bytes.
 */
@NullMarked
package org.blockrecurrent.dynamics.report;

import org.jspecify.annotations.NullMarked;
