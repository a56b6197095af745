import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.semanticweb.HermiT.ReasonerFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.io.FileDocumentSource;
import org.semanticweb.owlapi.model.MissingImportHandlingStrategy;
import org.semanticweb.owlapi.model.OWLEntity;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyLoaderConfiguration;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.profiles.Profiles;
import org.semanticweb.owlapi.reasoner.OWLReasoner;

/**
 * What the OWL API, on which Protégé is built, says of an ontology file: its identity, its profiles, its consistency.
 *
 * In: a file in any syntax of OWL. Out: lines of `name: value` for a test to read; violations of a profile follow it.
 */
public class Profile {
  public static void main(String[] arguments) throws Exception {
    OWLOntology ontology =
        OWLManager.createOWLOntologyManager()
            .loadOntologyFromOntologyDocument(
                new FileDocumentSource(new File(arguments[0])),
                new OWLOntologyLoaderConfiguration()
                    .setMissingImportHandlingStrategy(MissingImportHandlingStrategy.THROW_EXCEPTION));
    System.out.println("ontology: " + ontology.getOntologyID().getOntologyIRI().get());
    System.out.println("version: " + ontology.getOntologyID().getVersionIRI().get());
    System.out.println("logical axioms: " + ontology.getLogicalAxiomCount());
    System.out.println("misread: " + ontology.signature().filter(Profile::isMisread).count());
    for (Profiles profile : List.of(Profiles.OWL2_DL, Profiles.OWL2_EL, Profiles.OWL2_RL)) {
      Map<String, Long> kinds =
          profile.checkOntology(ontology).getViolations().stream()
              .collect(Collectors.groupingBy(Profile::kind, TreeMap::new, Collectors.counting()));
      System.out.println(profile.name() + ": " + (kinds.isEmpty() ? "holds" : "is broken"));
      kinds.forEach((kind, count) -> System.out.println("  " + count + " x " + kind));
    }
    for (OWLProfileViolation violation : Profiles.OWL2_DL.checkOntology(ontology).getViolations()) {
      System.out.println("  " + violation);
    }
    OWLReasoner reasoner = new ReasonerFactory().createReasoner(ontology);
    System.out.println("consistent: " + reasoner.isConsistent());
    System.out.println("unsatisfiable: " + reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom());
  }

  /** Whether the parser put this name where it could make nothing of what it read. */
  private static boolean isMisread(OWLEntity entity) {
    return entity.getIRI().toString().startsWith("http://org.semanticweb.owlapi/error#");
  }

  private static String kind(OWLProfileViolation violation) {
    return violation.getClass().getSimpleName() + " in " + violation.getAxiom().getAxiomType();
  }
}
