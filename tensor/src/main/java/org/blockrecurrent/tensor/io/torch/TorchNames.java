package org.blockrecurrent.tensor.io.torch;

import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.io.Dtype;
import org.blockrecurrent.tensor.io.pickle.PyGlobal;
import org.jspecify.annotations.Nullable;

/** The Python names that mean something in files of torch.save: builders of tensors, storages, element types. */
final class TorchNames {
    private static final Map<String, Dtype> STORAGES = Map.ofEntries(
            Map.entry("FloatStorage", Dtype.F32),
            Map.entry("DoubleStorage", Dtype.F64),
            Map.entry("HalfStorage", Dtype.F16),
            Map.entry("BFloat16Storage", Dtype.BF16),
            Map.entry("LongStorage", Dtype.I64),
            Map.entry("IntStorage", Dtype.I32),
            Map.entry("ShortStorage", Dtype.I16),
            Map.entry("CharStorage", Dtype.I8),
            Map.entry("ByteStorage", Dtype.U8),
            Map.entry("BoolStorage", Dtype.BOOL),
            Map.entry("ComplexFloatStorage", Dtype.C64),
            Map.entry("UntypedStorage", Dtype.U8));

    /** Types that have no storage class of their own; they name the type when the tensor is built. */
    private static final Map<String, Dtype> TYPES = Map.of(
            "uint16", Dtype.U16,
            "uint32", Dtype.U32,
            "uint64", Dtype.U64,
            "float8_e5m2", Dtype.F8_E5M2,
            "float8_e4m3fn", Dtype.F8_E4M3,
            "float8_e8m0fnu", Dtype.F8_E8M0,
            "float8_e4m3fnuz", Dtype.F8_E4M3FNUZ,
            "float8_e5m2fnuz", Dtype.F8_E5M2FNUZ);

    private static final Set<String> STORAGE_MODULES = Set.of("torch", "torch.cuda", "torch.storage");

    static final Set<String> TENSOR_BUILDERS = Set.of(
            "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3");

    static final Set<String> PARAMETER_BUILDERS =
            Set.of("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");

    /** A tensor of a sub-class: the function that builds it, its class, the arguments, its attributes. */
    static final String SUBCLASS_BUILDER = "torch._tensor._rebuild_from_type_v2";

    /** Calls that stand beside the tensors of many checkpoints: settings, sizes, numbers of numpy. Kept as data, unused. */
    private static final Set<String> BESIDE_TENSORS = Set.of(
            "torch.Size",
            "torch.device",
            "torch.serialization._get_layout",
            "functools.partial",
            "_codecs.encode",
            "copy_reg._reconstructor",
            "copyreg._reconstructor",
            "collections.Counter",
            "datetime.datetime",
            "datetime.timedelta",
            "pathlib.PosixPath",
            "pathlib.PurePosixPath",
            "pathlib.WindowsPath",
            "pathlib._local.PosixPath",
            "numpy.dtype",
            "numpy.core.multiarray.scalar",
            "numpy._core.multiarray.scalar",
            "numpy.core.multiarray._reconstruct",
            "numpy._core.multiarray._reconstruct");

    private TorchNames() {}

    static boolean isKnown(PyGlobal function) {
        String name = function.toString();
        return TENSOR_BUILDERS.contains(name)
                || PARAMETER_BUILDERS.contains(name)
                || name.equals(SUBCLASS_BUILDER)
                || BESIDE_TENSORS.contains(name);
    }

    /** Element type of a storage class, or null. */
    static @Nullable Dtype ofStorage(PyGlobal storage) {
        return STORAGE_MODULES.contains(storage.module()) ? STORAGES.get(storage.name()) : null;
    }

    /** Element type of a name such as {@code torch.uint16}, or null. */
    static @Nullable Dtype ofType(PyGlobal type) {
        return type.module().equals("torch") ? TYPES.get(type.name()) : null;
    }
}
