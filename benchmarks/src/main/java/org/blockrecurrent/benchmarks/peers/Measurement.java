package org.blockrecurrent.benchmarks.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one task took, peer by peer.
 *
 * @param times by name of the peer, in the order of the columns; the first is the product. Who cannot do it is missing
 * @param distance the largest distance of a peer's results from the product's; see {@link Agreement}
 */
record Measurement(Task task, Map<String, Times> times, double distance) {

    /** How long to measure. */
    record Effort(int rounds, double secondsPerRound, double warmUpSeconds) {}

    /** Times the task on peers that have loaded it and agree: in rounds, one peer after the other, each round in another order. */
    static Measurement of(Task task, List<Peer> loaded, double distance, Effort effort) {
        List<Timed> timed = new ArrayList<>();
        for (Peer peer : loaded) {
            timed.add(new Timed(peer, repetitions(warmedUp(peer, effort), effort), new double[effort.rounds()]));
        }
        for (int round = 0; round < effort.rounds(); round++) {
            for (int i = 0; i < timed.size(); i++) {
                timed.get((i + round) % timed.size()).run(round);
            }
        }
        Map<String, Times> times = new LinkedHashMap<>();
        timed.forEach(each -> times.put(each.peer().name(), new Times(each.medians())));
        return new Measurement(task, times, distance);
    }

    /** A peer, how often it runs in a round, and what came of it. */
    private record Timed(Peer peer, int repetitions, double[] medians) {
        void run(int round) {
            medians[round] = Times.median(peer.run(repetitions));
        }
    }

    /** Runs until the time for it is over; returns the time of the last runs, in milliseconds. */
    private static double warmedUp(Peer peer, Effort effort) {
        double end = 1e3 * effort.warmUpSeconds();
        double spent = 0;
        int repetitions = 1;
        double last;
        do {
            double[] times = peer.run(repetitions);
            last = Times.median(times);
            for (double time : times) {
                spent += time;
            }
            repetitions = 2 * repetitions;
        } while (spent < end);
        return last;
    }

    private static int repetitions(double milliseconds, Effort effort) {
        return (int) Math.max(1, Math.min(10_000, Math.ceil(1e3 * effort.secondsPerRound() / milliseconds)));
    }

    Times ours() {
        return times.values().iterator().next();
    }

    /** The fastest that is not the product on some JDK; null if there is none. */
    @Nullable
    Times bestPeer() {
        List<Times> others = new ArrayList<>();
        times.forEach((name, time) -> {
            if (!name.startsWith(ComparePeers.OURS)) {
                others.add(time);
            }
        });
        others.sort((a, b) -> Double.compare(a.median(), b.median()));
        return others.isEmpty() ? null : others.get(0);
    }
}
