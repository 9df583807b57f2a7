/**
 * What every backend is tested with: {@link org.blockrecurrent.tensor.testkit.OpCases} holds each op at many sizes, {@link
 * org.blockrecurrent.tensor.testkit.BackendContract} what must hold of a backend, {@link
 * org.blockrecurrent.tensor.testkit.OpGoldens} the values of the official code. Other modules take it as a test-jar.
 */
package org.blockrecurrent.tensor.testkit;
