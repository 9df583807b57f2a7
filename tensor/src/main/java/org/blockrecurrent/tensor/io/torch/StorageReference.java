package org.blockrecurrent.tensor.io.torch;

import org.blockrecurrent.tensor.io.Dtype;

/**
 * Names a storage of the file, from the persistent id {@code ('storage', class, key, device, elements)}.
 *
 * @param elements how many it holds, by the pickle
 */
record StorageReference(Dtype dtype, String key, long elements) {}
