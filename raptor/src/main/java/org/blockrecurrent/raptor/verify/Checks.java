package org.blockrecurrent.raptor.verify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.blockrecurrent.vit.verify.Check;

/** Collects checks. */
final class Checks {
    private final List<Check> checks = new ArrayList<>();

    /** In the order in which they were made. */
    List<Check> all() {
        return List.copyOf(checks);
    }

    /** Element by element; allowed is a share of the largest wanted value. */
    void compare(String name, double[] got, double[] want, double share) {
        double largest = 0;
        for (double w : want) {
            largest = Math.max(largest, Math.abs(w));
        }
        within(name, got, want, share * largest);
    }

    /** A number; allowed is a share of it. */
    void compare(String name, double got, double want, double share) {
        compare(name, new double[] {got}, new double[] {want}, share);
    }

    /** Element by element; allowed is a difference. */
    void within(String name, double[] got, double[] want, double tolerance) {
        double error = got.length == want.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(got.length, want.length); i++) {
            error = Math.max(error, Math.abs(got[i] - want[i])); // NaN if either is
        }
        checks.add(new Check(name, error, tolerance));
    }

    /** A number; allowed is a difference. */
    void within(String name, double got, double want, double tolerance) {
        within(name, new double[] {got}, new double[] {want}, tolerance);
    }

    /** Something that holds or does not. */
    void holds(String name, boolean holds) {
        checks.add(new Check(name, holds ? 0 : Double.POSITIVE_INFINITY, 0));
    }

    /** Two sets of names; those that are in one alone are part of the name of a check that fails. */
    void same(String name, Collection<String> got, Collection<String> want) {
        Set<String> missing = new TreeSet<>(want);
        missing.removeAll(got);
        Set<String> extra = new TreeSet<>(got);
        extra.removeAll(want);
        boolean same = missing.isEmpty() && extra.isEmpty();
        holds(same ? name : name + ": missing " + missing + ", not expected " + extra, same);
    }
}
