package org.blockrecurrent.tensor.op;

import static org.blockrecurrent.tensor.backend.MatmulKernels.Layout.NN;
import static org.blockrecurrent.tensor.backend.MatmulKernels.Layout.NT;
import static org.blockrecurrent.tensor.backend.MatmulKernels.Layout.TN;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;

/** A matrix product in one of three layouts; the derivative of each is a product in the other two. */
public record MatmulOp(Tensor a, Tensor b, Layout layout) implements Op {

    /** TN {@code (M, K), (N, K) → (M, N)}; NN {@code (M, K), (K, N) → (M, N)}; NT {@code (K, M), (K, N) → (M, N)}. */
    public static Tensor forward(Tensor a, Tensor b, Layout layout) {
        Tensor.requireSameBackend(List.of(a, b));
        a.requireRank("matmul, left", 2, "two axes");
        b.requireRank("matmul, right", 2, "two axes");
        int innerA = layout == NT ? a.dim(0) : a.dim(1);
        int innerB = layout == TN ? b.dim(1) : b.dim(0);
        if (innerA != innerB) {
            throw new ShapeException("matmul " + layout + ": inner extents differ, " + a.shape() + " and " + b.shape());
        }
        Tensor c = a.backend().empty(Shape.of(layout == NT ? a.dim(1) : a.dim(0), layout == TN ? b.dim(0) : b.dim(1)));
        a.backend().matmul().matmul(new Into(c, false), a, b, layout);
        return c.recordedBy(new MatmulOp(a, b, layout));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    /** TN: {@code da = dc b, db = dcᵀ a}. NN: {@code da = dc bᵀ, db = aᵀ dc}. NT: {@code da = b dcᵀ, db = a dc}. */
    @Override
    public void backward(Tensor dc, GradientSink gradients) {
        MatmulKernels kernels = dc.backend().matmul();
        if (gradients.needs(a)) {
            Into da = gradients.into(a);
            switch (layout) {
                case TN -> kernels.matmul(da, dc, b, NN);
                case NN -> kernels.matmul(da, dc, b, TN);
                case NT -> kernels.matmul(da, b, dc, TN);
            }
        }
        if (gradients.needs(b)) {
            Into db = gradients.into(b);
            switch (layout) {
                case TN -> kernels.matmul(db, dc, a, NT);
                case NN -> kernels.matmul(db, a, dc, NT);
                case NT -> kernels.matmul(db, a, dc, NN);
            }
        }
    }
}
