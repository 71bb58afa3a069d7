package io.keelson.reference.pages;

import io.keelson.conformance.surface.Surface;
import io.keelson.model.Model;
import io.keelson.reference.document.Page;
import io.keelson.reference.examples.Examples;
import java.util.ArrayList;
import java.util.List;

/** The pages of the reference. */
public final class AllPages {
  private AllPages() {}

  /** Those for the model, in the order of reading; classes by their names. */
  public static List<Page> of(Model model, Examples examples) {
    Surface surface = new Surface(model);
    List<Page> pages = new ArrayList<>();
    pages.add(new IndexPage(model, surface).page());
    pages.add(new CallingPage(surface, examples).page());
    pages.add(new MessagesPage(surface).page());
    pages.add(new TypesPage(model, surface).page());
    pages.add(new RolesPage(model, surface).page());
    pages.add(new ErrorsPage(model, surface).page());
    pages.add(new TransfersPage(model).page());
    model.classes().forEach(c -> pages.add(new ClassPage(model, c, surface, examples).page()));
    return pages;
  }
}
