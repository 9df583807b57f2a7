/**
 * Files of {@code torch.save}: {@code .pth}, {@code .pt}, {@code .bin}. Read without running anything in them, in both forms
 * that PyTorch has had; written in today's form.
 *
 * <p>Everything of the pickle is bounded: its length (64 MiB), and the walk through what it holds (depth 64, 250,000
 * entries), which may be a graph with cycles. Sizes and views are checked against the file before anything is allocated.
 */
@NullMarked
package org.blockrecurrent.tensor.io.torch;

import org.jspecify.annotations.NullMarked;
