/**
 * What moves the parameters: AdamW and the schedules of learning rate and teacher forcing.
 *
 * <p>Convention: training steps are counted from 1, as in {@link org.blockrecurrent.tensor.backend.StepState}.
 */
package org.blockrecurrent.tensor.optim;
