/** Training of teachers, and what every training loop of the product shares: progress, learning curves, stopping. */
package org.blockrecurrent.vit.training;
