/**
 * Raptor: weight-tied recurrent surrogates of a trained Vision Transformer, the constructive test of the Block-Recurrent
 * Hypothesis (Jacobs, Fel, Hakim et al., arXiv 2512.19941).
 *
 * <p>The words: a <em>layer</em> ℓ = 1 … L is an index of depth; a <em>block</em> is an attention and an MLP; a
 * <em>phase</em> is a run of layers that share one block; a <em>stage</em> is a part of the training. The <em>teacher</em>
 * is the frozen Vision Transformer, the <em>surrogate</em> its Raptor. Layers count from 1, blocks from 0, as in the
 * names {@code blocks.0.…} of a checkpoint.
 *
 * <p>Where to start reading: {@link org.blockrecurrent.raptor.phases.LayerDissimilarity} and {@link
 * org.blockrecurrent.raptor.phases.PhaseSplitter} find the phases, {@link org.blockrecurrent.raptor.RecurrentBlock} and
 * {@link org.blockrecurrent.raptor.Raptor} are the surrogate, {@link org.blockrecurrent.raptor.TrajectoryLoss} is what it
 * is trained on, {@code training} trains it, {@code evaluation} says how good it is.
 */
package org.blockrecurrent.raptor;
