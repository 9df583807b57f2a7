package org.blockrecurrent.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.benchmarks.workload.BlockSize;
import org.blockrecurrent.benchmarks.workload.BlockWork;
import org.blockrecurrent.benchmarks.workload.EncoderWork;
import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.blockrecurrent.benchmarks.workload.Pass;
import org.blockrecurrent.benchmarks.workload.TrainingWork;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.vit.VitConfig;

/** A line of the table: a work, and how many threads compute it. */
record Task(String name, Work work, int threads) {
    /** The work whose memory is measured, and that is computed by one thread too. */
    static final String FORWARD_B8 = "DINOv2-B forward, B=8";

    private static final int DINOV2_TOKENS = 261;

    /** All lines of the table, the most important first. */
    static List<Task> all(int threads) {
        List<Task> tasks = new ArrayList<>();
        tasks.add(new Task("DINOv2-B forward, B=1", dinov2Base(1), threads));
        tasks.add(new Task(FORWARD_B8, dinov2Base(8), threads));
        if (threads > 1) {
            tasks.add(new Task(FORWARD_B8, dinov2Base(8), 1));
        }
        tasks.add(new Task("recurrent block x12 forward, B=8", block(8, Pass.FORWARD), threads));
        tasks.add(
                new Task("recurrent block x12 forward + backward, B=4", block(4, Pass.FORWARD_AND_BACKWARD), threads));
        tasks.add(new Task("ViT-Ti training step, B=64", TrainingWork.vit(64, 192, 3, 12, 8), threads));
        tasks.add(
                new Task("quick start's teacher step, B=128", new TrainingWork(128, VitConfig.quickStart()), threads));
        for (int batch : new int[] {1, 8}) {
            for (int[] kn : new int[][] {{768, 2304}, {768, 768}, {768, 3072}, {3072, 768}}) {
                GemmWork gemm = new GemmWork(batch * DINOV2_TOKENS, kn[0], kn[1]);
                tasks.add(new Task("GEMM " + gemm.m() + " x " + gemm.k() + " x " + gemm.n(), gemm, threads));
            }
        }
        return tasks;
    }

    private static Work dinov2Base(int batch) {
        return EncoderWork.dinov2(batch, 768, 12, 12, 16);
    }

    private static Work block(int batch, Pass pass) {
        return new BlockWork(new BlockSize(batch, DINOV2_TOKENS, 768, 12, 12), pass);
    }

    /** With its threads, for messages. */
    String label() {
        return name + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
}
