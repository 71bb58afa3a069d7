package io.keelson.control.directory;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.messages.AuthMessages;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryEntry;
import io.keelson.host.DirectoryException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Looking users and groups up in the directory. */
final class AuthMessagesHandler implements AuthMessages {
  private final CurrentDirectory current;

  AuthMessagesHandler(CurrentDirectory current) {
    this.current = current;
  }

  /**
   * @throws ApiError AUTH_IS_DISABLED, SUBJECT_CANNOT_BE_RESOLVED, AUTH_SERVICE_ERROR
   */
  @Override
  public String getSubjectIdentifier(Call call, String subjectName) {
    return known(directory -> directory.byName(subjectName)).identifier();
  }

  /**
   * @throws ApiError AUTH_IS_DISABLED, SUBJECT_CANNOT_BE_RESOLVED, AUTH_SERVICE_ERROR
   */
  @Override
  public Map<String, String> getSubjectInformationFromIdentifier(
      Call call, String subjectIdentifier) {
    return known(directory -> directory.byIdentifier(subjectIdentifier)).facts();
  }

  /**
   * @throws ApiError AUTH_IS_DISABLED, SUBJECT_CANNOT_BE_RESOLVED, AUTH_SERVICE_ERROR
   */
  @Override
  public List<String> getGroupMembership(Call call, String subjectIdentifier) {
    return ask(directory -> directory.groups(subjectIdentifier)).stream().sorted().toList();
  }

  private DirectoryEntry known(Function<Directory, Optional<DirectoryEntry>> question) {
    return ask(question).orElseThrow(ApiErrors::subjectCannotBeResolved);
  }

  private <T> T ask(Function<Directory, T> question) {
    try {
      return question.apply(current.find().orElseThrow(ApiErrors::authIsDisabled));
    } catch (DirectoryException e) {
      throw switch (e.reason()) {
        case NOT_FOUND -> ApiErrors.subjectCannotBeResolved();
        case INVALID, NO_SERVER, UNREACHABLE, WRONG_CREDENTIALS, DENIED, REFUSED, FAILED ->
            ApiErrors.authServiceError(e.why());
      };
    }
  }
}
