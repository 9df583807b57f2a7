package org.blockrecurrent.cli;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.TrainingProgress;

/**
 * Shows how far a run is: a bar with rate and time left on a terminal; in a log a line at the start, at the end, and every
 * ten seconds between, without control characters.
 */
final class Progress implements TrainingListener, AutoCloseable {
    private static final long NANOS_BETWEEN_LINES = 10_000_000_000L;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int BAR_WIDTH = 100;

    private final Session session;
    private String what = "";
    private ProgressBar bar;
    private long firstNanos;
    private long lastLineNanos;
    private int firstDone;

    Progress(Session session) {
        this.session = session;
    }

    @Override
    public void progress(TrainingProgress at) {
        String loss = Double.isNaN(at.loss()) ? "" : String.format(Locale.ROOT, "loss %.4f", at.loss());
        String rate = at.imagesPerSecond() > 0 ? String.format(Locale.ROOT, "%.0f images/s", at.imagesPerSecond()) : "";
        show(at.what(), at.step(), at.steps(), "steps", joined(loss, rate));
    }

    @Override
    public boolean stopRequested() {
        return session.stop().isMade();
    }

    /** Reports on anything countable; a new {@code name} begins a new bar. Throws if the run has been asked to stop. */
    void step(String name, int done, int total, String unit) {
        session.stop().check();
        show(name, done, total, unit, "");
    }

    private void show(String name, int done, int total, String unit, String detail) {
        if (!name.equals(what)) {
            begin(name, done, total);
        }
        if (session.isTerminal()) {
            bar.maxHint(total).setExtraMessage(" " + detail).stepTo(done);
        } else {
            line(done, total, unit, detail);
        }
        if (done >= total) {
            close();
        }
    }

    private void begin(String name, int done, int total) {
        close();
        what = name;
        firstNanos = System.nanoTime();
        lastLineNanos = firstNanos - NANOS_BETWEEN_LINES;
        firstDone = done;
        if (session.isTerminal()) {
            bar = new ProgressBarBuilder()
                    .setTaskName(name)
                    .setInitialMax(total)
                    .startsFrom(done, Duration.ZERO)
                    .setStyle(ProgressBarStyle.ASCII)
                    .showSpeed()
                    .setConsumer(new ConsoleProgressBarConsumer(System.out, BAR_WIDTH))
                    .build();
        }
    }

    private void line(int done, int total, String unit, String detail) {
        long now = System.nanoTime();
        if (now - lastLineNanos >= NANOS_BETWEEN_LINES || done >= total) {
            lastLineNanos = now;
            String end = done >= total
                    ? "took " + Format.duration((now - firstNanos) / NANOS_PER_SECOND)
                    : timeLeft(done, total, now);
            session.say("%s: %s", what, joined(done + " of " + total + " " + unit, joined(detail, end)));
        }
    }

    private String timeLeft(int done, int total, long now) {
        if (done == firstDone) {
            return "";
        }
        return Format.duration((now - firstNanos) / NANOS_PER_SECOND / (done - firstDone) * (total - done)) + " left";
    }

    private static String joined(String a, String b) {
        return a.isEmpty() || b.isEmpty() ? a + b : a + ", " + b;
    }

    /** Ends the bar that is shown, if any. */
    @Override
    public void close() {
        what = "";
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
