"""A person met a phishing page, or typed a password into one, and nobody has closed it."""

OPEN = {1, 2}


def rule(event):
    return (
        event.get("class_uid") == 2004
        and "PHISHING" in event.deep_get("finding_info", "types", default=[])
        and event.get("status_id") in OPEN
    )


def person(event):
    # A webhook names the person as who acted; what was read from Push, in each evidence.
    seen = [evidence.get("user", {}).get("email_addr") for evidence in event.get("evidences", [])]
    told = [event.deep_get("actor", "user", "email_addr"), *seen]
    return next(filter(None, told), "somebody")


def title(event):
    return f"Push: {event.deep_get('finding_info', 'title')} met {person(event)} ({event.get('action')})"


def dedup(event):
    return event.deep_get("finding_info", "uid")


def severity(event):
    return {1: "INFO", 2: "LOW", 3: "MEDIUM", 4: "HIGH", 5: "CRITICAL"}.get(
        event.get("severity_id"), "DEFAULT"
    )


def alert_context(event):
    return {
        "link": event.deep_get("finding_info", "src_url"),
        "seen": [
            {
                "url": evidence.get("url", {}).get("url_string"),
                "ip": evidence.get("src_endpoint", {}).get("ip"),
            }
            for evidence in event.get("evidences", [])
        ],
    }
