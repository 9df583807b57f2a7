/**
 * Image sets and the batches that are made of them. Pixels stay bytes until a batch is filled; order and augmentation
 * are functions of (seed, epoch, image), so that a batch can be made again at any step, on any number of threads.
 */
@NullMarked
package org.blockrecurrent.vit.data;

import org.jspecify.annotations.NullMarked;
