package org.blockrecurrent.tensor.testkit;

import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.op.AttentionOp;

/**
 * One head over {@value #N} tokens, in doubles, for a few queries: all of them would be 2²⁶ scores. The cotangent is zero
 * but in the rows of these queries, so that they alone make the gradients.
 */
final class LongAttention {
    static final int N = 8192;
    static final int HEAD_DIM = 3;
    private static final int ROW = 3 * HEAD_DIM;
    private static final double SCALE = 1 / Math.sqrt(HEAD_DIM);
    private static final List<Integer> QUERIES = List.of(0, 1, 2047, 4099, 8190, 8191);

    static final OpCase CASE = new OpCase(
            "attention over " + N + " tokens",
            List.of(Input.normal("qkv", 1, N, ROW)),
            Shape.of(1, N, HEAD_DIM),
            leaves -> AttentionOp.forward(leaves.get(0), 1),
            4L * N * N * HEAD_DIM,
            Tolerance.reduction(N));

    private LongAttention() {}

    /** Fails where the backend's outputs or gradients are not the truth; the noise is measured as {@link Parity} does. */
    static void require(Backend backend) {
        Drawn drawn = sparse(Drawn.of(CASE));
        OpRun got = OpRun.of(CASE, backend, drawn);
        double[][] truth = truth(drawn);
        double[][] moved = truth(sparse(drawn.moved(0)));
        String[] names = {"y", "dqkv"};
        double[][] results = {atQueries(got.get("y")), got.get("dqkv")};
        for (int i = 0; i < names.length; i++) {
            double noise = Parity.difference(truth[i], moved[i]);
            CASE.tolerance().require(CASE + ", " + names[i], results[i], truth[i], noise);
        }
    }

    private static Drawn sparse(Drawn drawn) {
        double[] cotangent = new double[N * HEAD_DIM];
        for (int query : QUERIES) {
            int at = query * HEAD_DIM;
            System.arraycopy(drawn.cotangent(), at, cotangent, at, HEAD_DIM);
        }
        return new Drawn(CASE, drawn.inputs(), cotangent);
    }

    private static double[] atQueries(double[] y) {
        double[] rows = new double[QUERIES.size() * HEAD_DIM];
        for (int i = 0; i < QUERIES.size(); i++) {
            System.arraycopy(y, QUERIES.get(i) * HEAD_DIM, rows, i * HEAD_DIM, HEAD_DIM);
        }
        return rows;
    }

    /** The outputs of the queries, and the gradient of qkv (N, 3·Dh). */
    private static double[][] truth(Drawn drawn) {
        double[] qkv = drawn.inputs().get(0);
        double[] y = new double[QUERIES.size() * HEAD_DIM];
        double[] dqkv = new double[qkv.length];
        for (int i = 0; i < QUERIES.size(); i++) {
            int query = QUERIES.get(i);
            double[] dy = Arrays.copyOfRange(drawn.cotangent(), query * HEAD_DIM, (query + 1) * HEAD_DIM);
            double[] weights = weights(query, qkv);
            for (int j = 0; j < N; j++) {
                for (int d = 0; d < HEAD_DIM; d++) {
                    y[i * HEAD_DIM + d] += weights[j] * value(qkv, j, d);
                    dqkv[j * ROW + 2 * HEAD_DIM + d] += weights[j] * dy[d];
                }
            }
            addScoreGradients(dqkv, query, qkv, weights, dy);
        }
        return new double[][] {y, dqkv};
    }

    /** Softmax of one query's scores; normal values keep them far from overflow. */
    private static double[] weights(int query, double[] qkv) {
        double[] weights = new double[N];
        double sum = 0;
        for (int j = 0; j < N; j++) {
            double score = 0;
            for (int d = 0; d < HEAD_DIM; d++) {
                score += qkv[query * ROW + d] * qkv[j * ROW + HEAD_DIM + d];
            }
            weights[j] = Math.exp(SCALE * score);
            sum += weights[j];
        }
        for (int j = 0; j < N; j++) {
            weights[j] /= sum;
        }
        return weights;
    }

    /** {@code dS = P ⊙ (dP − Σ P ⊙ dP)}, and from it the gradients of the query and of all keys. */
    private static void addScoreGradients(double[] dqkv, int query, double[] qkv, double[] weights, double[] dy) {
        double[] dweights = new double[N];
        double mean = 0;
        for (int j = 0; j < N; j++) {
            for (int d = 0; d < HEAD_DIM; d++) {
                dweights[j] += dy[d] * value(qkv, j, d);
            }
            mean += weights[j] * dweights[j];
        }
        for (int j = 0; j < N; j++) {
            double dscore = weights[j] * (dweights[j] - mean) * SCALE;
            for (int d = 0; d < HEAD_DIM; d++) {
                dqkv[query * ROW + d] += dscore * qkv[j * ROW + HEAD_DIM + d];
                dqkv[j * ROW + HEAD_DIM + d] += dscore * qkv[query * ROW + d];
            }
        }
    }

    private static double value(double[] qkv, int token, int d) {
        return qkv[token * ROW + 2 * HEAD_DIM + d];
    }
}
