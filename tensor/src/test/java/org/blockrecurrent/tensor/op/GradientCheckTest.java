package org.blockrecurrent.tensor.op;

import org.blockrecurrent.tensor.testkit.GradientCheck;
import org.blockrecurrent.tensor.testkit.OpCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientCheckTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("org.blockrecurrent.tensor.testkit.OpCases#all")
    void the_backward_pass_is_the_derivative_of_the_forward_pass(OpCase opCase) {
        GradientCheck.require(opCase);
    }
}
