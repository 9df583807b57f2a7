/**
 * The command line: {@code bin/raptor COMMAND}. Every command is also a main class of its own. Commands parse, call the
 * other modules and print; what they compute stands there.
 *
 * <p>Exit codes: 0; 1 if the input cannot be used or a run fails; 2 if the command line cannot be understood; 130 after
 * Ctrl-C and 143 after SIGTERM, with a checkpoint saved.
 */
package org.blockrecurrent.cli;
