/**
 * Vision Transformers: image → tokens → trajectory. Layers are numbered as in the paper: the state x₀ is the embedding,
 * x_ℓ the output of block ℓ = 1 … L.
 */
package org.blockrecurrent.vit;
