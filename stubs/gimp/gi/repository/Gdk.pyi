from enum import IntFlag

KEY_Left: int
KEY_Right: int

class EventMask(IntFlag):
    BUTTON1_MOTION_MASK = 32
    BUTTON_PRESS_MASK = 256
    BUTTON_RELEASE_MASK = 512
    KEY_PRESS_MASK = 1024
