package io.keelson.host.directory;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;

/** What the results of LDAP mean to whoever asked. */
final class LdapFaults {
  private LdapFaults() {}

  static DirectoryException of(LDAPException e) {
    return new DirectoryException(reason(e.getResultCode()), why(e), e);
  }

  static String why(LDAPException e) {
    return String.valueOf(e.getMessage());
  }

  private static Reason reason(ResultCode code) {
    return switch (code.intValue()) {
      case ResultCode.INVALID_CREDENTIALS_INT_VALUE -> Reason.WRONG_CREDENTIALS;
      case ResultCode.INSUFFICIENT_ACCESS_RIGHTS_INT_VALUE,
          ResultCode.INAPPROPRIATE_AUTHENTICATION_INT_VALUE,
          ResultCode.STRONG_AUTH_REQUIRED_INT_VALUE,
          ResultCode.CONFIDENTIALITY_REQUIRED_INT_VALUE ->
          Reason.DENIED;
      case ResultCode.NO_SUCH_OBJECT_INT_VALUE,
          ResultCode.INVALID_DN_SYNTAX_INT_VALUE,
          ResultCode.UNDEFINED_ATTRIBUTE_TYPE_INT_VALUE,
          ResultCode.FILTER_ERROR_INT_VALUE ->
          Reason.INVALID;
      case ResultCode.CONNECT_ERROR_INT_VALUE,
          ResultCode.SERVER_DOWN_INT_VALUE,
          ResultCode.TIMEOUT_INT_VALUE,
          ResultCode.UNAVAILABLE_INT_VALUE,
          ResultCode.BUSY_INT_VALUE ->
          Reason.UNREACHABLE;
      default -> Reason.FAILED;
    };
  }
}
