package org.blockrecurrent.kernels;

class MatmulBeyondTheCasesPlainTest extends MatmulBeyondTheCases {}
