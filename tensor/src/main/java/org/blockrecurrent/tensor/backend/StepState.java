package org.blockrecurrent.tensor.backend;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;

/**
 * What changes from one training step to the next, on the device: kernels read it there, so that a step never waits for
 * the host and can be captured unchanged.
 *
 * <p>Slots are floats; the step number is exact up to 2²⁴ steps.
 */
public final class StepState {
    /** Learning rate of this step. */
    public static final int LEARNING_RATE = 0;
    /** Number of this step, from 1: the exponent of Adam's bias corrections. */
    public static final int STEP = 1;
    /** Share λ of the teacher-forced loss. */
    public static final int TEACHER_FORCING = 2;
    /** Gradient norm before clipping; written by the device. */
    public static final int GRADIENT_NORM = 3;
    /** What gradients are multiplied by; 0 skips the update; written by the device. */
    public static final int CLIP = 4;

    private static final int SLOTS = 8;
    private static final int LAST_STEP = 1 << 24;

    private final Tensor slots;
    private final float[] staged = new float[SLOTS];

    /** Allocated in the backend's current scope: make it before the scope of the first step is opened. */
    public StepState(Backend backend) {
        slots = backend.zeros(Shape.of(SLOTS));
    }

    /** Sets what the host knows of the coming step. {@code step} counts from 1. */
    public void begin(int step, float learningRate, float teacherForcing) {
        if (step < 1 || step > LAST_STEP) {
            throw new IllegalArgumentException("step must be in 1 … " + LAST_STEP + ", got " + step);
        }
        staged[LEARNING_RATE] = learningRate;
        staged[STEP] = step;
        staged[TEACHER_FORCING] = teacherForcing;
        staged[GRADIENT_NORM] = 0;
        staged[CLIP] = 1;
        slots.backend().write(slots.storage(), staged);
    }

    /** The slots, for kernels. */
    public Tensor slots() {
        return slots;
    }

    /** Gradient norm of the last step, before clipping. Waits for the device. */
    public double gradientNorm() {
        return slots.toDoubles()[GRADIENT_NORM];
    }

    /** True if the last step's gradient was not finite and the update was skipped. Waits for the device. */
    public boolean wasSkipped() {
        return slots.toArray()[CLIP] == 0;
    }
}
