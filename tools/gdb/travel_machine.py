class Travel:
    def __init__(self, middle, can): pass
