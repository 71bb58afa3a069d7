package io.keelson.control;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import java.util.List;

/** The classes that have objects; of the others there are only messages, or values in answers. */
public final class ObjectClasses {
  public static final List<ApiClass<? extends ApiRecord>> ALL =
      ApiModel.CLASSES.stream().filter(ObjectClasses::hasObjects).toList();

  private ObjectClasses() {}

  /** LVHD has a uuid by the reference, and no objects all the same. */
  private static boolean hasObjects(ApiClass<?> apiClass) {
    return apiClass.has(ApiClass.Trait.UUID) && apiClass != ApiModel.LVHD;
  }
}
