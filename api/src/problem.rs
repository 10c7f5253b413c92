//! The catalogue of problems: every way a request can fail, with the stable address that names it.
//!
//! `type` of a problem document is `/problems/<slug>`; the page there explains it. A slug is never renamed or reused.

use axum::http::StatusCode;

/// One entry of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// Last part of the `type` address.
    pub slug: &'static str,
    /// HTTP status it is answered with.
    pub status: StatusCode,
    /// Title in English.
    pub title: &'static str,
    /// Title in Chinese.
    pub title_zh: &'static str,
    /// What the caller can do about it, in English.
    pub advice: &'static str,
    /// What the caller can do about it, in Chinese.
    pub advice_zh: &'static str,
}

macro_rules! catalogue {
    ($($name:ident = $status:ident $slug:literal, $title:literal $title_zh:literal, $advice:literal $advice_zh:literal;)+) => {
        $(
            #[doc = concat!("`", $slug, "`: ", $title, ".")]
            pub static $name: Problem = Problem {
                slug: $slug,
                status: StatusCode::$status,
                title: $title,
                title_zh: $title_zh,
                advice: $advice,
                advice_zh: $advice_zh,
            };
        )+
        /// Every problem, in the order of the page that lists them.
        pub static CATALOGUE: &[&Problem] = &[$(&$name),+];
    };
}

catalogue! {
    MALFORMED_JSON = BAD_REQUEST "malformed-json",
        "The body is not JSON" "请求体不是合法的 JSON",
        "Send UTF-8 JSON; the detail says at which line and column reading stopped."
        "请发送 UTF-8 编码的 JSON;detail 中给出出错的行和列。";
    INVALID_PARAMETER = BAD_REQUEST "invalid-parameter",
        "A path, query or header parameter is invalid" "路径、查询或请求头参数无效",
        "Correct the parameter named in the detail."
        "请更正 detail 中指出的参数。";
    INVALID_CURSOR = BAD_REQUEST "invalid-cursor",
        "The cursor is not one of ours" "分页游标无效",
        "Use a cursor only as it was given in a Link header and with the same filters; else start without one."
        "游标只能原样使用,且筛选条件须保持不变;否则请从头开始。";
    IDEMPOTENCY_KEY_MISSING = BAD_REQUEST "idempotency-key-missing",
        "The Idempotency-Key header is missing" "缺少 Idempotency-Key 请求头",
        "Send a key of your own, unique per report, and send the same key again when you retry."
        "请为每次上报生成唯一的键,重试时使用同一个键。";
    UNAUTHENTICATED = UNAUTHORIZED "unauthenticated",
        "An API key is needed" "需要 API 密钥",
        "Send Authorization: Bearer wg_… with a key that has not been revoked."
        "请使用未吊销的密钥,以 Authorization: Bearer wg_… 发送。";
    FORBIDDEN = FORBIDDEN "forbidden",
        "The key may not do this" "该密钥无权执行此操作",
        "Ask for a key that may write, or for one whose area holds what you ask for."
        "请申请具有写入权限、或管辖范围包含该对象的密钥。";
    NOT_FOUND = NOT_FOUND "not-found",
        "What was asked for does not exist" "所请求的对象不存在",
        "Check the id or code. What lies outside the area of a key is reported the same way."
        "请检查编号或代码。超出密钥管辖范围的对象同样报告为不存在。";
    UNKNOWN_PATH = NOT_FOUND "unknown-path",
        "There is nothing at this path" "该路径不存在",
        "The paths are listed in /openapi.json and at /docs."
        "全部路径见 /openapi.json 与 /docs。";
    TILE_VERSION_GONE = NOT_FOUND "tile-version-gone",
        "The map has a newer version" "地图已有新版本",
        "Take the tile address from the TileJSON again; current_version names the version now in force."
        "请重新读取 TileJSON 中的瓦片地址;current_version 为当前版本。";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED "method-not-allowed",
        "The path does not take this method" "该路径不支持此方法",
        "Use one of the methods in the Allow header."
        "请使用 Allow 响应头列出的方法。";
    STALE_VERSION = CONFLICT "stale-version",
        "Somebody was faster" "数据已被他人更新",
        "Nothing was written. Read the newest version, make the change again on it, and send it with that version."
        "未写入任何内容。请读取最新版本,在其上重新修改后再提交。";
    CONFLICT = CONFLICT "conflict",
        "It cannot be done as things stand" "当前状态下无法执行",
        "Nothing was written. The detail says what stands against it."
        "未写入任何内容。detail 中说明了冲突原因。";
    BODY_TOO_LARGE = PAYLOAD_TOO_LARGE "body-too-large",
        "The body is too large" "请求体过大",
        "Send fewer at once: 10,000 points or 1,000 incidents, at most 8 MiB."
        "请分批发送:每次最多 10,000 个点或 1,000 件事件,且不超过 8 MiB。";
    UNSUPPORTED_MEDIA_TYPE = UNSUPPORTED_MEDIA_TYPE "unsupported-media-type",
        "The body has the wrong content type" "请求体类型不受支持",
        "Send Content-Type: application/json."
        "请使用 Content-Type: application/json。";
    INVALID_REQUEST = UNPROCESSABLE_ENTITY "invalid-request",
        "The request breaks a rule" "请求内容不符合要求",
        "Each entry of errors names a member of the body by JSON pointer and says why it is refused."
        "errors 中逐条给出出错成员的 JSON 指针及原因。";
    IDEMPOTENCY_KEY_REUSED = UNPROCESSABLE_ENTITY "idempotency-key-reused",
        "The idempotency key was used for another request" "幂等键已用于另一请求",
        "Nothing was written. Use a new key for a new report."
        "未写入任何内容。新的上报请使用新的键。";
    INTERNAL = INTERNAL_SERVER_ERROR "internal",
        "The service failed" "服务内部错误",
        "Not your fault. A retry with the same idempotency key is safe; quote X-Request-Id when you report it."
        "并非您的请求有误。使用同一幂等键重试是安全的;报告问题时请提供 X-Request-Id。";
    UNAVAILABLE = SERVICE_UNAVAILABLE "unavailable",
        "The service cannot answer now" "服务暂时不可用",
        "Retry after the seconds in Retry-After, with the same idempotency key. A write that got this answer may or may not have been stored; the key makes the retry safe."
        "请在 Retry-After 给出的秒数后使用同一幂等键重试。收到此答复的写入可能已保存,也可能未保存;幂等键保证重试安全。";
    NO_BOUNDARIES = SERVICE_UNAVAILABLE "no-boundaries",
        "The city has no boundaries yet" "城市尚无网格边界",
        "Load a city (wangge city) or import one (wangge import) first."
        "请先生成(wangge city)或导入(wangge import)城市数据。";
    NOT_READY = SERVICE_UNAVAILABLE "not-ready",
        "This node is still getting ready" "节点尚在准备中",
        "Retry after the seconds in Retry-After: after the first start the gazetteer of a large city takes half a minute to build."
        "请在 Retry-After 给出的秒数后重试:首次启动后,大城市的地址库需要约半分钟构建。";
    TIMEOUT = SERVICE_UNAVAILABLE "timeout",
        "The request took too long" "请求处理超时",
        "Retry after the seconds in Retry-After, with the same idempotency key; ask for less at once."
        "请在 Retry-After 给出的秒数后使用同一幂等键重试,或减少单次请求量。";
    TOO_MANY_STREAMS = SERVICE_UNAVAILABLE "too-many-streams",
        "No more live streams can be served" "实时连接数已满",
        "Retry after the seconds in Retry-After, or ask another node."
        "请在 Retry-After 给出的秒数后重试,或连接其他节点。";
}

impl Problem {
    /// The address that names it, relative to the service.
    pub fn uri(&self) -> String {
        format!("/problems/{}", self.slug)
    }

    /// The entry with this slug.
    pub fn named(slug: &str) -> Option<&'static Problem> {
        CATALOGUE.iter().copied().find(|problem| problem.slug == slug)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_slug_is_unique_and_fit_for_an_address() {
        let slugs: BTreeSet<_> = CATALOGUE.iter().map(|problem| problem.slug).collect();
        assert_eq!(slugs.len(), CATALOGUE.len());
        for problem in CATALOGUE {
            assert!(problem.slug.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
            assert_eq!(Problem::named(problem.slug), Some(*problem));
        }
    }

    #[test]
    fn every_problem_is_an_error_and_speaks_both_languages() {
        for problem in CATALOGUE {
            assert!(problem.status.is_client_error() || problem.status.is_server_error());
            for chinese in [problem.title_zh, problem.advice_zh] {
                assert!(
                    chinese.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
                    "{chinese}"
                );
            }
        }
    }
}
