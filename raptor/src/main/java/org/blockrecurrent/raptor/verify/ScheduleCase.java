package org.blockrecurrent.raptor.verify;

import org.blockrecurrent.tensor.optim.TeacherForcingSchedule;
import org.blockrecurrent.tensor.optim.WarmupCosine;

/** {@code schedule.json}: learning rates and shares of teacher forcing, exact to the last bit. */
final class ScheduleCase {
    private static final double EXACT = 0;

    private final Case of;

    private ScheduleCase(Case of) {
        this.of = of;
    }

    static void verify(Case of) {
        GoldenJson report = GoldenJson.read(of.file(".json"));
        ScheduleCase schedule = new ScheduleCase(of);
        for (String name : report.at("cases").keys()) {
            schedule.table(name, report.at("cases").at(name));
        }
        schedule.official(report.at("official"));
        for (String name : report.at("teacher_forcing").keys()) {
            schedule.teacherForcing(name, report.at("teacher_forcing").at(name));
        }
    }

    private static WarmupCosine of(GoldenJson golden) {
        return new WarmupCosine(
                golden.at("lr").number(),
                golden.at("final").number(),
                golden.at("total").integer(),
                golden.at("warmup").integer());
    }

    /** Entries of the table, and what the optimizer used: steps count from 0 there, from 1 here. */
    private void table(String name, GoldenJson golden) {
        WarmupCosine schedule = of(golden);
        double[] table = golden.at("schedule_f32").numbers();
        double[] used = golden.at("lr_used_by_step").numbers();
        double[] entries = new double[table.length];
        for (int i = 0; i < table.length; i++) {
            entries[i] = (float) schedule.entry(i);
            table[i] = (float) table[i];
        }
        double[] rates = new double[used.length];
        for (int step = 1; step <= used.length; step++) {
            rates[step - 1] = schedule.at(step);
            used[step - 1] = (float) used[step - 1];
        }
        of.checks().within(of.name(name + ", table"), entries, table, EXACT);
        of.checks().within(of.name(name + ", rate of each step"), rates, used, EXACT);
    }

    private void official(GoldenJson golden) {
        WarmupCosine schedule = of(golden);
        int[] points = golden.at("points").integers();
        double[] want = golden.at("schedule").numbers();
        double[] got = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            got[i] = (float) schedule.entry(points[i]);
            want[i] = (float) want[i];
        }
        of.checks().within(of.name("official, table"), got, want, EXACT);
    }

    private void teacherForcing(String name, GoldenJson golden) {
        TeacherForcingSchedule schedule = TeacherForcingSchedule.overShare(
                golden.at("max_steps").integer(),
                golden.at("tf_anneal_ratio").number(),
                golden.at("tf_min_ratio").number());
        double[] want = golden.at("lambda").numbers();
        double[] got = new double[want.length];
        for (int i = 0; i < want.length; i++) {
            int step = golden.has("step") ? golden.at("step").integers()[i] : i;
            got[i] = schedule.at(step + 1);
        }
        of.checks().within(of.name(name + ", share of teacher forcing"), got, want, EXACT);
        of.checks()
                .within(
                        of.name(name + ", annealing steps"),
                        schedule.annealSteps(),
                        golden.at("anneal_max").integer(),
                        EXACT);
    }
}
