package org.blockrecurrent.kernels.emulator;

/**
 * A program with one bug, or the same program without it, and how each mode of the emulated device shows the bug.
 *
 * @param name what the bug is, in words
 * @param program runs it; given {@code true} with the bug, given {@code false} without. It throws {@code
 *     RawCuda.Failure} if the driver reports an error and {@link WrongResult} if the numbers are wrong.
 * @param plain what plain mode shows
 * @param checked what checked mode shows
 */
record PlantedBug(String name, Program program, Symptom plain, Symptom checked) {
    @Override
    public String toString() {
        return name;
    }

    /** Runs on a fresh context, which the caller closes. */
    interface Program {
        void run(RawCuda cuda, EmulatedDevice device, boolean buggy) throws Exception;
    }

    /** The numbers that came back are not those expected. */
    static final class WrongResult extends RuntimeException {
        private static final long serialVersionUID = 1;

        WrongResult(String message) {
            super(message);
        }
    }

    /**
     * How a bug shows.
     *
     * @param result the driver's error; {@link #WRONG} if only the numbers are wrong, {@link #NONE} if nothing is
     * @param report what the report says, as a regular expression found in it
     */
    record Symptom(int result, String report) {
        static final int NONE = 0;
        static final int WRONG = -1;

        /** The driver reports an error, and the emulated device says what happened. */
        static Symptom error(int result, String report) {
            return new Symptom(result, report);
        }

        /** No error, but the program's output is visibly wrong. */
        static Symptom wrongResult() {
            return new Symptom(WRONG, "");
        }

        /** The report comes without an error, as that of a leak does. */
        static Symptom reportOnly(String report) {
            return new Symptom(NONE, report);
        }

        /** This mode does not see it. */
        static Symptom unseen() {
            return new Symptom(NONE, "");
        }
    }
}
