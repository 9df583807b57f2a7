/**
 * Layers: parameters and a forward pass. No superclass and no registration: a constructor takes its parameters from a
 * {@link org.blockrecurrent.tensor.nn.ParameterSource} under the names that checkpoints use, so one constructor serves
 * fresh, loaded and frozen models.
 */
package org.blockrecurrent.tensor.nn;
