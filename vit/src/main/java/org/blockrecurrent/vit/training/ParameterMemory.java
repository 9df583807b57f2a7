package org.blockrecurrent.vit.training;

import java.util.Collection;
import org.blockrecurrent.tensor.Shape;

/**
 * What trained parameters hold on the CPU, in floats: values, two moments of AdamW, and of each weight matrix what the matrix
 * products keep packed, once for the forward pass and once for the backward pass. Gradients come and go with the step and are counted there.
 *
 * @param elements of all parameters
 * @param packed copies of matrices
 */
public record ParameterMemory(long elements, long packed) {
    private static final int VALUES_AND_MOMENTS = 3;

    /** By the shapes of the parameters; a weight matrix has two axes, or four in the patch embedding. */
    public static ParameterMemory of(Collection<Shape> shapes) {
        long elements = 0;
        long packed = 0;
        for (Shape shape : shapes) {
            elements += shape.size();
            packed += copies(shape) * (long) shape.size();
        }
        return new ParameterMemory(elements, packed);
    }

    /** So many models of these parameters. */
    public ParameterMemory times(int models) {
        return new ParameterMemory(models * elements, models * packed);
    }

    /** All that stays from step to step. */
    public long held() {
        return VALUES_AND_MOMENTS * elements + packed;
    }

    /** Of a matrix; the patch embedding hands no gradient on to the images. */
    private static int copies(Shape shape) {
        return switch (shape.rank()) {
            case 2 -> 2;
            case 4 -> 1;
            default -> 0;
        };
    }
}
