package org.blockrecurrent.vit.training;

import java.util.Collection;
import org.blockrecurrent.tensor.Shape;

/**
 * What trained parameters hold on the CPU, in floats: values, two moments of AdamW, and of each weight matrix what the matrix
 * products keep packed, once for the forward pass, and once more for the backward pass where its rows are longer than
 * {@value #LONGEST_UNPACKED_ROW}. Gradients come and go with the step and are counted there.
 *
 * @param elements of all parameters
 * @param packed copies of matrices
 */
public record ParameterMemory(long elements, long packed) {
    private static final int VALUES_AND_MOMENTS = 3;
    private static final int LONGEST_UNPACKED_ROW = 512;

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

    /** The patch embedding hands no gradient on to the images. */
    private static int copies(Shape shape) {
        if (shape.rank() == 4) {
            return 1;
        }
        return shape.rank() != 2 ? 0 : shape.last() > LONGEST_UNPACKED_ROW ? 2 : 1;
    }
}
