package org.blockrecurrent.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.ObjectInputStream;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What no class of the product does, wherever it stands. */
class CodeRulesTest {
    private static final String TENSOR = Product.ROOT + ".tensor";

    /** The tensor, its ops, their calculus and the kernels they call know each other: one idea in four packages. */
    private static final Set<String> TENSOR_CORE =
            Set.of(TENSOR, TENSOR + ".op", TENSOR + ".autodiff", TENSOR + ".backend");

    private static final Set<String> PROCESS_ENDS =
            Set.of("java.lang.System.exit(int)", "java.lang.Runtime.exit(int)", "java.lang.Runtime.halt(int)");

    private static JavaClasses product;

    @BeforeAll
    static void read() {
        product = Product.classes();
    }

    @Test
    void only_the_simd_classes_of_the_vector_backend_touch_the_incubating_module() {
        noClasses()
                .that()
                .resideOutsideOfPackage(TENSOR + ".backend.vector")
                .or()
                .haveNameNotMatching(".*\\.Simd[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .because("every other class must load where the module is missing")
                .check(product);
    }

    @Test
    void all_vectors_of_a_process_are_of_one_width() {
        noClasses()
                .should()
                .accessFieldWhere(describe("names a width of vectors", CodeRulesTest::namesWidth))
                .because("the compiler loses sight of what a loop holds once it has seen vectors of two widths")
                .check(product);
    }

    private static boolean namesWidth(JavaFieldAccess access) {
        FieldAccessTarget species = access.getTarget();
        return species.getOwner().getPackageName().equals("jdk.incubator.vector")
                && species.getName().startsWith("SPECIES_")
                && !species.getName().equals("SPECIES_PREFERRED");
    }

    @Test
    void the_engine_opens_no_connection() {
        noClasses()
                .that()
                .resideInAPackage(Product.module("tensor"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "javax.net..")
                .check(product);
    }

    @Test
    void nothing_reads_serialized_objects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(product);
    }

    @Test
    void only_the_command_line_and_main_methods_end_the_process() {
        noClasses()
                .that()
                .resideOutsideOfPackage(Product.module("cli"))
                .should()
                .callMethodWhere(describe("ends the process, outside of main", CodeRulesTest::endsTheProcess))
                .check(product);
    }

    private static boolean endsTheProcess(JavaMethodCall call) {
        return PROCESS_ENDS.contains(call.getTarget().getFullName())
                && !call.getOrigin().getName().equals("main");
    }

    @Test
    void randomness_comes_from_philox_alone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(SplittableRandom.class, ThreadLocalRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(StrictMath.class, "random")
                .because("the same seed must give the same bits, whatever the number of threads")
                .check(product);
    }

    @Test
    void no_static_field_can_be_assigned_again() {
        fields().that().areStatic().should().beFinal().check(product);
    }

    @Test
    void packages_of_a_module_form_no_cycle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new PackagesButOneTensorCore())
                .should()
                .beFreeOfCycles()
                .check(product);
    }

    private static final class PackagesButOneTensorCore implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            if (!name.startsWith(Product.ROOT)) {
                return SliceIdentifier.ignore();
            }
            return SliceIdentifier.of(TENSOR_CORE.contains(name) ? "the core of tensor" : name);
        }

        @Override
        public String getDescription() {
            return "packages, the core of tensor taken as one";
        }
    }
}
