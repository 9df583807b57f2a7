package org.blockrecurrent.tensor.autodiff;

import org.blockrecurrent.tensor.Tensor;

/**
 * Where a kernel leaves a gradient. The first contribution overwrites the buffer, whose contents are arbitrary until
 * then; every later one is added to it.
 */
public record Into(Tensor tensor, boolean add) {}
