/** Training of teachers, and what every training loop of the product shares: progress, learning curves, stopping. */
@NullMarked
package org.blockrecurrent.vit.training;

import org.jspecify.annotations.NullMarked;
