package org.blockrecurrent.tensor.io.torch;

import java.util.List;
import org.blockrecurrent.tensor.io.Dtype;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.pickle.Pickle;
import org.blockrecurrent.tensor.io.pickle.PyDict;
import org.blockrecurrent.tensor.io.pickle.PyGlobal;
import org.blockrecurrent.tensor.io.pickle.PyObject;
import org.blockrecurrent.tensor.io.pickle.PyTuple;
import org.jspecify.annotations.Nullable;

/**
 * Makes views of the calls that build tensors:
 *
 * <pre>
 *   _rebuild_tensor    (storage, offset, size, stride)
 *   _rebuild_tensor_v2 (storage, offset, size, stride, requires_grad, hooks[, flags])
 *   _rebuild_tensor_v3 (storage, offset, size, stride, requires_grad, hooks, dtype[, flags])
 *   _rebuild_parameter[_with_state] (tensor, …)
 *   _rebuild_from_type_v2 (one of these, class, its arguments, attributes)
 * </pre>
 */
final class TensorBuilder {
    private static final int DTYPE = 6;

    private final Object where;

    TensorBuilder(Object where) {
        this.where = where;
    }

    /** The view, or null if the node is no tensor. {@code name} is for messages. */
    @Nullable
    TensorView view(Object node, String name) {
        Object built = node;
        while (built instanceof PyObject call
                && TorchNames.PARAMETER_BUILDERS.contains(call.maker().toString())) {
            built = call.arguments().isEmpty() ? call : call.arguments().get(0);
            if (built == call) {
                throw invalid(name, "is a parameter of nothing");
            }
        }
        if (!(built instanceof PyObject call)) {
            return null;
        }
        if (call.maker().toString().equals(TorchNames.SUBCLASS_BUILDER)) {
            return ofSubclass(call.arguments(), name);
        }
        return isBuilder(call.maker()) ? view(call.maker(), call.arguments(), name) : null;
    }

    private static boolean isBuilder(PyGlobal function) {
        return TorchNames.TENSOR_BUILDERS.contains(function.toString());
    }

    private TensorView ofSubclass(List<Object> arguments, String name) {
        boolean known = arguments.size() == 4
                && arguments.get(0) instanceof PyGlobal function
                && isBuilder(function)
                && arguments.get(2) instanceof PyTuple;
        if (!known) {
            throw invalid(name, "is of a class whose tensors are not known here");
        }
        return view((PyGlobal) arguments.get(0), ((PyTuple) arguments.get(2)).items(), name);
    }

    private TensorView view(PyGlobal function, List<Object> arguments, String name) {
        if (arguments.size() < 4
                || !(arguments.get(0) instanceof StorageReference storage)
                || !(arguments.get(1) instanceof Long offset)) {
            throw invalid(name, "is built of something that is no storage with an offset");
        }
        refuseFlags(arguments.get(arguments.size() - 1), name);
        long[] dims = integers(arguments.get(2), name);
        long[] strides = integers(arguments.get(3), name);
        Dtype dtype = function.name().endsWith("_v3") ? dtype(arguments, name) : storage.dtype();
        return new TensorView(storage, dtype, offset, dims, strides);
    }

    /** Lazily conjugated or negated tensors say so by a flag; their values would be wrong without it. */
    private void refuseFlags(Object flags, String name) {
        if (flags instanceof PyDict dict
                && (Boolean.TRUE.equals(dict.get("conj")) || Boolean.TRUE.equals(dict.get("neg")))) {
            throw invalid(name, "is negated or conjugated lazily: save tensor.resolve_neg() instead");
        }
    }

    private Dtype dtype(List<Object> arguments, String name) {
        Object type = arguments.size() > DTYPE ? arguments.get(DTYPE) : "";
        Dtype dtype = type instanceof PyGlobal global ? TorchNames.ofType(global) : null;
        if (dtype == null) {
            throw invalid(name, "has unsupported dtype " + Pickle.named(type));
        }
        return dtype;
    }

    private long[] integers(Object node, String name) {
        List<Object> items = node instanceof PyTuple tuple ? tuple.items() : sizes(node);
        if (items == null || !items.stream().allMatch(Long.class::isInstance)) {
            throw invalid(name, "has extents or strides that are no whole numbers");
        }
        return items.stream().mapToLong(item -> (Long) item).toArray();
    }

    /** The elements of {@code torch.Size((2, 3))}. */
    private static @Nullable List<Object> sizes(Object node) {
        boolean size = node instanceof PyObject call
                && call.maker().toString().equals("torch.Size")
                && call.arguments().size() == 1
                && call.arguments().get(0) instanceof PyTuple;
        return size ? ((PyTuple) ((PyObject) node).arguments().get(0)).items() : null;
    }

    private FormatException invalid(String name, String problem) {
        return new FormatException(where, "tensor " + FormatException.shown(name) + " " + problem);
    }
}
