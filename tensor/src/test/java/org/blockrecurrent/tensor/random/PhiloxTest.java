package org.blockrecurrent.tensor.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
    private static final int DRAWS = 1_000_000;
    /** Standard errors that a moment may be off: a fair generator exceeds this once in 2 million tests. */
    private static final double SIGMAS = 5;

    private final Philox random = Philox.stream(20_251_212, "moments");

    /** Known answers for philox4x32-10 in Random123's kat_vectors (D. E. Shaw Research). */
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void the_published_known_answers_come_out(String counter, String key, String expected) {
        int[] c = words(counter);
        int[] k = words(key);
        int[] answer = words(expected);
        long seed = (long) k[1] << 32 | k[0] & 0xFFFFFFFFL;
        long index = (long) c[1] << 32 | c[0] & 0xFFFFFFFFL;
        for (int which = 0; which < 4; which++) {
            assertThat(Philox.word(seed, c[3], c[2], index, which)).isEqualTo(answer[which]);
        }
    }

    @Test
    void uniform_numbers_have_the_moments_of_the_uniform_distribution() {
        requireMoment("mean", 1 / 2.0, 1 / 12.0, random::uniform);
        requireMoment("square", 1 / 3.0, 4 / 45.0, i -> square(random.uniform(i)));
        requireMoment("lag", 1 / 4.0, 7 / 144.0, i -> random.uniform(2 * i) * random.uniform(2 * i + 1));
        for (int i = 0; i < DRAWS; i++) {
            assertThat(random.uniform(i)).isGreaterThanOrEqualTo(0).isLessThan(1);
        }
    }

    @Test
    void floats_for_kernels_have_24_bits_and_the_same_mean() {
        requireMoment("mean", 0.5 - 0x1p-25, 1 / 12.0, i -> Philox.uniform(3, 4, 5, (int) i));
        for (int i = 0; i < 1000; i++) {
            float draw = Philox.uniform(3, 4, 5, i);
            assertThat(draw * 0x1p24).isEqualTo(Math.rint(draw * 0x1p24)).isLessThan(0x1p24);
        }
    }

    /** Moments 1, 2, 3, 4 of N(0, 1) are 0, 1, 0, 3; their variances 1, 2, 15, 96. */
    @Test
    void normal_numbers_have_the_moments_of_the_normal_distribution() {
        requireMoment("mean", 0, 1, random::normal);
        requireMoment("variance", 1, 2, i -> square(random.normal(i)));
        requireMoment("third", 0, 15, i -> Math.pow(random.normal(i), 3));
        requireMoment("fourth", 3, 96, i -> square(square(random.normal(i))));
        requireMoment("neighbours", 0, 1, i -> random.normal(2 * i) * random.normal(2 * i + 1));
    }

    /** With a = 2, Z = Φ(a) − Φ(−a) and φ the density: variance 1 − 2aφ(a)/Z, fourth moment 3 − 2(a³ + 3a)φ(a)/Z. */
    @Test
    void truncated_normal_numbers_stay_within_two_and_have_the_moments_that_leaves() {
        double mass = 0.954499736103642;
        double density = Math.exp(-2) / Math.sqrt(2 * Math.PI);
        double variance = 1 - 4 * density / mass;
        double fourth = 3 - 2 * (8 + 6) * density / mass;
        requireMoment("mean", 0, variance, random::truncatedNormal);
        requireMoment("variance", variance, fourth - square(variance), i -> square(random.truncatedNormal(i)));
        for (int i = 0; i < DRAWS; i++) {
            assertThat(Math.abs(random.truncatedNormal(i))).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void integers_below_a_bound_are_equally_frequent() {
        int bound = 7;
        for (int value = 0; value < bound; value++) {
            int wanted = value;
            double p = 1.0 / bound;
            requireMoment("share of " + value, p, p * (1 - p), i -> random.below(bound, i) == wanted ? 1 : 0);
        }
    }

    @Test
    void a_permutation_holds_every_number_once_and_differs_by_seed_stream_and_step() {
        int n = 1000;
        Set<String> seen = new HashSet<>();
        for (Philox source : new Philox[] {
            new Philox(1, 1, 1),
            new Philox(2, 1, 1),
            new Philox(1, 2, 1),
            new Philox(1, 1, 2),
            new Philox(1L << 32 | 1, 1, 1)
        }) {
            int[] order = source.permutation(n);
            seen.add(Arrays.toString(order));
            assertThat(source.permutation(n)).as("the same again").isEqualTo(order);
            Arrays.sort(order);
            for (int i = 0; i < n; i++) {
                assertThat(order[i]).isEqualTo(i);
            }
        }
        assertThat(seen).hasSize(5);
        assertThat(random.permutation(0)).isEmpty();
        assertThat(random.permutation(1)).containsExactly(0);
    }

    /** Position 0 of a permutation of 5 takes each value in a fifth of the seeds. */
    @Test
    void every_place_of_a_permutation_is_equally_likely() {
        for (int place = 0; place < 5; place++) {
            int wanted = place;
            requireMoment("place " + place, 0.2, 0.16, i -> new Philox(i, 0, 0).permutation(5)[wanted] == 0 ? 1 : 0);
        }
    }

    @Test
    void a_stream_is_known_by_its_name() {
        assertThat(Philox.streamOf("")).isEqualTo(0x811C9DC5);
        assertThat(Philox.streamOf("a")).as("FNV-1a's published value").isEqualTo(0xE40C292C);
        assertThat(Philox.streamOf("foobar")).isEqualTo(0xBF9CF968);
        assertThat(Philox.stream(1, "a").uniform(0))
                .isNotEqualTo(Philox.stream(1, "b").uniform(0));
    }

    /** The mean over many draws is within SIGMAS standard errors of what the distribution says. */
    private static void requireMoment(String name, double expected, double variance, LongToDoubleFunction draw) {
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
            sum += draw.applyAsDouble(i);
        }
        double bound = SIGMAS * Math.sqrt(variance / DRAWS);
        assertThat(Math.abs(sum / DRAWS - expected)).as(name).isLessThanOrEqualTo(bound);
    }

    private static double square(double x) {
        return x * x;
    }

    private static int[] words(String hex) {
        String[] parts = hex.trim().split(" ");
        int[] words = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            words[i] = Integer.parseUnsignedInt(parts[i], 16);
        }
        return words;
    }
}
