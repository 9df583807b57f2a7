/** How well a surrogate follows its teacher: accuracy, R² and ε at every depth. */
package org.blockrecurrent.raptor.evaluation;
