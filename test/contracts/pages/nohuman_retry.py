import time
import requests
def make_request_with_retry(url, headers, json, max_retries=3):
    for attempt in range(max_retries):
        response = requests.post(url, headers=headers, json=json)
        if response.status_code == 429:
            retry_after = int(response.headers.get("Retry-After", 2))
            print(f"Rate limited. Retrying in {retry_after}s...")
            time.sleep(retry_after)
            continue
        return response
    raise Exception("Max retries exceeded")
